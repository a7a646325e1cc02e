// A FreeSWITCH for tests: asks as its mod_xml_curl does, and reads what it is answered as it would.

import type { CallOptions, TestTenant } from '#test/setup/tenant.ts';
import { type Read, read } from './freeswitch-reader.ts';

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
export const basic = (token: string, user = 'freeswitch') =>
  `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;

/** What FreeSWITCH would put a value in place of. */
export const variable = (name: string) => `\${${name}}`;

/** What is in every question, as FreeSWITCH 1.10 sends it. */
const common = {
  hostname: 'pbx-1',
  tag_name: '',
  key_name: '',
  key_value: '',
  'Event-Name': 'REQUEST_PARAMS',
  'Core-UUID': '6f2c3a2c-ab56-44d1-ad53-f763a430b1b3',
  'FreeSWITCH-Switchname': 'pbx-1',
};

export interface Switch {
  ask: (
    fields: Record<string, string>,
    options?: CallOptions,
  ) => Promise<{ status: number; headers: Record<string, string>; text: string; read: Read }>;
  /** What becomes of a call to this number, action by action; undefined: not found. */
  dials: (
    destination: string,
    variables?: Record<string, string>,
    options?: CallOptions,
  ) => Promise<string[] | undefined>;
  /** The account that a telephone registers by. */
  registers: (user: string, fields?: Record<string, string>) => Promise<Read['user']>;
}

export function aSwitch(tenant: TestTenant, token: string): Switch {
  const ask: Switch['ask'] = async (fields, { headers, ...options } = {}) => {
    const answer = await tenant.call('answer-freeswitch', {
      rawBody: new URLSearchParams({ ...common, ...fields }).toString(),
      headers: { ...FORM, authorization: basic(token), ...headers },
      ...options,
    });
    return { status: answer.status, headers: answer.headers, text: answer.body, read: read(answer.body) };
  };
  return {
    ask,
    dials: async (destination, variables = {}, options = {}) => {
      const given = Object.entries(variables).map(([name, value]) => [`variable_${name}`, value] as const);
      const call = { 'Caller-Context': 'default', 'Caller-Destination-Number': destination };
      const answer = await ask({ section: 'dialplan', ...call, ...Object.fromEntries(given) }, options);
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
      return answer.read.section === 'result' ? undefined : answer.read.actions;
    },
    registers: async (user, fields = {}) => {
      const domain = 'pbx.example.com';
      const asked = { tag_name: 'domain', key_name: 'name', key_value: domain, key: 'id', user, domain };
      return (await ask({ section: 'directory', action: 'sip_auth', ...asked, ...fields })).read.user;
    },
  };
}

/** A token that is open to nothing but routing. */
export async function routingToken(tenant: TestTenant, token: string): Promise<string> {
  const owner = await tenant.aUser({ superUser: true, userType: 'api' });
  const body = { title: 'FreeSWITCH', scopes: ['routing:read'] };
  return (await tenant.call('create-token', { token, params: { userId: owner.id }, body })).body.value;
}
