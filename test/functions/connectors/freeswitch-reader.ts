// Reads documents as FreeSWITCH gets them: by libxml2, which takes no document that is not well-formed, and by the structure that
// FreeSWITCH documents (freeswitch.xsd beside this).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type XmlAttribute, XmlDocument, type XmlElement, XsdValidator } from 'libxml2-wasm';

const structure = XsdValidator.fromDoc(
  XmlDocument.fromString(readFileSync(join(import.meta.dirname, 'freeswitch.xsd'), 'utf8')),
);

export interface Read {
  section: string;
  description: string | undefined;
  /** Of the only context, where it is a dialplan. */
  context: string | undefined;
  expression: string | undefined;
  actions: string[];
  /** Of the only user, where it is a directory. */
  user: { id: string; domain: string; params: Record<string, string>; variables: Record<string, string> } | undefined;
}

/** @throws Error for what is not well-formed, or not of FreeSWITCH's structure */
export function read(text: string): Read {
  const document = XmlDocument.fromString(text);
  try {
    structure.validate(document);
    const one = (path: string) => (document.get(path) as XmlAttribute | null)?.content;
    const all = (path: string) => document.find(path) as XmlElement[];
    const pairs = (path: string) =>
      Object.fromEntries(all(path).map((each) => [attribute(each, 'name'), attribute(each, 'value')]));
    const id = one('//user/@id');
    return {
      section: one('/document/section/@name') as string,
      description: one('/document/section/@description'),
      context: one('//context/@name'),
      expression: one('//condition/@expression'),
      actions: all('//action').map((each) =>
        [attribute(each, 'application'), attribute(each, 'data')].join(' ').trimEnd(),
      ),
      user:
        id === undefined
          ? undefined
          : {
              id,
              domain: one('//domain/@name') as string,
              params: pairs('//user/params/param'),
              variables: pairs('//user/variables/variable'),
            },
    };
  } finally {
    document.dispose();
  }
}

const attribute = (element: XmlElement, name: string) =>
  element.attrs.find((each) => each.name === name)?.content ?? '';
