// What FreeSWITCH asks, answered in its own format. Whatever happens, it gets a document that it can read: where there is nothing to
// say, or the answer is a refusal, one that says that nothing was found.

import { connectors } from '#contract/connectors.ts';
import type { RequestOf, XmlElement } from '#contract/operation.ts';
import type { Problem } from '#contract/problems.ts';
import { account } from '#domain/connectors/accounts.ts';
import { askedCall } from '#domain/connectors/asked-call.ts';
import { isPlain } from '#domain/connectors/dial-strings.ts';
import { dialplan, directory, notFound } from '#domain/connectors/freeswitch.ts';
import type { Deps } from '#domain/deps.ts';
import { serve } from '#serve/serve.ts';
import { xml } from '#serve/xml.ts';

const operation = connectors['answer-freeswitch'];
type Asked = RequestOf<typeof operation>;

const refusal = ({ code, facts }: Problem) => ({ text: xml(notFound(`${code}: ${facts.detail ?? ''}`)) });

export const handler = serve({ ...operation, refusal }, async ({ deps, request }) => {
  return { text: xml((await answer(deps, request)) ?? notFound()) };
});

async function answer(deps: Deps, asked: Asked): Promise<XmlElement | undefined> {
  const { section } = asked.body;
  if (section === 'directory') return askedDirectory(deps, asked);
  if (section === 'dialplan') return askedDialplan(deps, asked);
  return undefined;
}

/** One account at a time: gateways, access lists and whole domains stand in the switch's own files. */
async function askedDirectory(deps: Deps, { body, query }: Asked): Promise<XmlElement | undefined> {
  const { user, purpose, action } = body;
  const domain = body.domain ?? (body.tag_name === 'domain' ? body.key_value : undefined);
  // A reverse look-up asks for the password in clear, which never leaves.
  if (!user || !domain || purpose || action === 'reverse-auth-lookup') return undefined;
  const found = await account(deps, { name: user, domain, context: query.context });
  return found && directory(found);
}

async function askedDialplan(deps: Deps, { body, query }: Asked): Promise<XmlElement | undefined> {
  // Where a call is sent on, "Hunt" says where to; "Caller" where it came in.
  const destination = body['Hunt-Destination-Number'] || body['Caller-Destination-Number'] || '';
  const context = body['Hunt-Context'] || body['Caller-Context'] || '';
  if (!isPlain(context)) return undefined;
  const actions = await askedCall(deps, {
    destination,
    context,
    trunk: body.variable_roster_trunk || query.trunk,
    user: body.variable_roster_user || undefined,
    queue: body.variable_roster_queue || undefined,
    lastUser: body.variable_roster_last_user || undefined,
    lastQueue: body.variable_roster_last_queue || undefined,
    recording: body.variable_roster_recording || undefined,
  });
  return actions && dialplan(context, destination, actions);
}
