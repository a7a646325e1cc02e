// Documents of FreeSWITCH's XML: its directory, its dialplan, and that there is nothing to say. Their structure is that of the pages
// "mod_xml_curl", "XML User Directory" and "XML Dialplan" of its documentation (docs/freeswitch.md).

import { createHash } from 'node:crypto';
import type { XmlElement } from '#contract/operation.ts';
import { expanded } from './dial-strings.ts';

/** An application of the dialplan and what it is told. */
export type Action = readonly [application: string, data: string];

/** Then it looks into the next binding, or into its own files. @param why for who reads the document; FreeSWITCH does not */
export function notFound(why?: string): XmlElement {
  const section = { name: 'result', ...(why !== undefined && { description: withoutExpansion(why) }) };
  return documentOf(section, [{ name: 'result', attributes: { status: 'not found' } }]);
}

export interface Account {
  /** Name that it registers by. */
  name: string;
  domain: string;
  password: string;
  /** Of every call from it. */
  variables: Readonly<Record<string, string | undefined>>;
}

const CALLED = `${expanded('dialed_user')}@${expanded('dialed_domain')}`;
/** Where a registered phone is, FreeSWITCH knows itself. */
const DIAL_STRING = `{sip_invite_domain=${expanded('dialed_domain')},presence_id=${CALLED}}${expanded(`sofia_contact(*/${CALLED})`)}`;

/** One account. The password leaves Roster as the hash that SIP's Digest authentication takes (RFC 2617 §3.2.2.2), never in clear. */
export function directory({ name, domain, password, variables }: Account): XmlElement {
  const a1 = createHash('md5').update(`${name}:${domain}:${password}`).digest('hex');
  const given = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const user: XmlElement = {
    name: 'user',
    attributes: { id: name },
    children: [
      { name: 'params', children: [named('param', 'a1-hash', a1)] },
      { name: 'variables', children: given.map(([each, value]) => named('variable', each, value)) },
    ],
  };
  const group: XmlElement = {
    name: 'group',
    attributes: { name: 'roster' },
    children: [{ name: 'users', children: [user] }],
  };
  return documentOf({ name: 'directory' }, [
    {
      name: 'domain',
      attributes: { name: domain },
      children: [
        { name: 'params', children: [named('param', 'dial-string', DIAL_STRING)] },
        { name: 'groups', children: [group] },
      ],
    },
  ]);
}

/** What becomes of a call to this number. @param destination digits, and + before them at most */
export function dialplan(context: string, destination: string, actions: readonly Action[]): XmlElement {
  const condition: XmlElement = {
    name: 'condition',
    attributes: { field: 'destination_number', expression: `^${destination.replace('+', '\\+')}$` },
    children: actions.map(([application, data]) => ({
      name: 'action',
      attributes: { application, ...(data !== '' && { data }) },
    })),
  };
  const extension: XmlElement = { name: 'extension', attributes: { name: 'roster' }, children: [condition] };
  return documentOf({ name: 'dialplan' }, [{ name: 'context', attributes: { name: context }, children: [extension] }]);
}

/**
 * A name as phones show it: letters, digits and spaces of any script, and what separates them in names. Everything else goes, since
 * applications split what they are told, and FreeSWITCH expands ${…} wherever it stands; undefined where nothing is left.
 */
export function shownName(name: string): string | undefined {
  const plain = name
    .normalize('NFC')
    .replaceAll("'", '’')
    .replace(/[^\p{L}\p{M}\p{Nd}’.()+ -]/gu, ' ');
  const short = [...plain.replace(/ +/g, ' ').trim()].slice(0, 60).join('').trim();
  return short === '' ? undefined : short;
}

/** FreeSWITCH replaces $${…} in whatever document it is sent, before it reads it. */
const withoutExpansion = (text: string) => text.replaceAll('$', '');

const named = (element: string, name: string, value: string): XmlElement => ({
  name: element,
  attributes: { name, value },
});

function documentOf(section: Record<string, string>, children: XmlElement[]): XmlElement {
  return {
    name: 'document',
    attributes: { type: 'freeswitch/xml' },
    children: [{ name: 'section', attributes: section, children }],
  };
}
