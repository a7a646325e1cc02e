// Secrets among the details of a user: sealed as they come in, bound to their user, and told of by their presence alone.

import type { Sealer } from '#table/seal.ts';

/** Secret → what tells that there is one, and what keeps when it was set, so that the audit can tell that it was. */
const secrets = {
  calDavToken: { shownAs: 'hasCalDavToken', setAt: 'calDavTokenSetAt', purpose: 'caldav' },
  sipPassword: { shownAs: 'hasSipPassword', setAt: 'sipPasswordSetAt', purpose: 'sip' },
} as const;

type Secret = keyof typeof secrets;
const names = Object.keys(secrets) as Secret[];

/** Each as it is kept: sealed. */
export type Sealed = { [Name in Secret]?: string | undefined } & {
  [Name in Secret as (typeof secrets)[Name]['setAt']]?: number | undefined;
};

type Unsealed = { [Name in Secret]?: string | null | undefined };
type Presence = { [Name in Secret as (typeof secrets)[Name]['shownAs']]?: true };
type Times = { [Name in Secret as (typeof secrets)[Name]['setAt']]?: string };
type Others<D> = Omit<D, keyof Sealed>;

/** Binds the sealed secret to its user: copied to another it would not open. */
export const secretPurpose = (name: Secret, userId: string) => `${secrets[name].purpose} ${userId}`;

/** Does a request bring one, so that the tenant's key is needed? */
export function hasSecret(given: Unsealed): boolean {
  return names.some((name) => given[name]);
}

/** What a request means for those that it names; null takes one away. */
export function sealedChanges(
  given: Unsealed,
  seal: { sealer: Sealer; userId: string; now: number } | undefined,
): Sealed {
  const changes = names
    .filter((name) => given[name] !== undefined)
    .map((name) => {
      const value = given[name];
      if (value === null) return { [name]: undefined, [secrets[name].setAt]: undefined };
      if (!seal) throw new Error(`${name} is kept sealed only`);
      const sealed = seal.sealer.seal(secretPurpose(name, seal.userId), value);
      return { [name]: sealed, [secrets[name].setAt]: seal.now };
    });
  return Object.assign({}, ...changes);
}

/** As the API shows them: there is one, or there is none. */
export function shownSecrets<D extends Sealed>(details: D): Others<D> & Presence {
  const presence = names
    .filter((name) => details[name] !== undefined)
    .map((name) => [secrets[name].shownAs, true] as const);
  return { ...withoutSecrets(details), ...Object.fromEntries(presence) };
}

/** As the audit keeps them: also when each was set. */
export function auditedSecrets<D extends Sealed>(details: D): Others<D> & Presence & Times {
  const times = names.flatMap((name) => {
    const at = details[secrets[name].setAt];
    return at === undefined ? [] : [[secrets[name].setAt, new Date(at).toISOString()] as const];
  });
  return { ...shownSecrets(details), ...Object.fromEntries(times) };
}

function withoutSecrets<D extends Sealed>(details: D): Others<D> {
  const hidden = new Set<string>(names.flatMap((name) => [name, secrets[name].setAt]));
  return Object.fromEntries(Object.entries(details).filter(([field]) => !hidden.has(field))) as Others<D>;
}
