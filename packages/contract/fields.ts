// The values that requests and answers are made of, each with its rule and its words for the API's readers.

import * as z from 'zod';
import { once } from './once.ts';
import { type FieldError, Problem } from './problems.ts';

/** One spelling for uniqueness and look-up: NFKC and case-folded (K9). Shown is what was typed. */
export function canonicalName(name: string): string {
  // Upper before lower: full case folding, so that "ß" meets "SS".
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').trim();
}

// Control characters would end up in keys, mails and logs; lone surrogates are not text.
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** One line of text that people typed: NFC, trimmed, without control characters. */
export function plainText(max: number) {
  return z
    .string()
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .refine((value) => !CONTROL.test(value), 'must not contain control characters or line breaks')
    .transform((value) => value.normalize('NFC').trim())
    .pipe(z.string().min(1, 'must not be empty').max(max, `must have at most ${max} characters`));
}

/** Text of several lines, as people type it into a large field: NFC, with line breaks, without other control characters. */
export function longText(max: number) {
  return z
    .string()
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .transform((value) => value.replace(/\r\n?/g, '\n').normalize('NFC').trim())
    .refine((value) => !CONTROL.test(value.replace(/[\n\t]/g, '')), 'must not contain control characters')
    .pipe(z.string().min(1, 'must not be empty').max(max, `must have at most ${max} characters`));
}

export const id = (prefix: string, name: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-f]{24}$`), `must be an id of the form ${prefix}_… (24 hexadecimal digits)`)
    .meta({ description: `Id of a ${name}`, example: `${prefix}_0123456789abcdef01234567` });

export const userId = once(() => id('usr', 'user'));

/** Ids of what stands in a user's partition are shorter. */
export const sessionId = once(() =>
  z
    .string()
    .regex(/^ses_[0-9a-f]{16}$/, 'must be an id of the form ses_… (16 hexadecimal digits)')
    .meta({ description: 'Id of a session', example: 'ses_0123456789abcdef' }),
);

export const tokenId = once(() =>
  z
    .string()
    .regex(/^tok_[0-9a-f]{16}$/, 'must be an id of the form tok_… (16 hexadecimal digits)')
    .meta({ description: 'Id of an API token', example: 'tok_0123456789abcdef' }),
);

/** As the platform names its own things. */
export const workId = once(() =>
  z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,64}$/, 'must be 1 to 64 letters, digits, . _ : or -')
    .meta({ description: 'Id as the contact-center platform knows it', example: 'call-20260131-0042' }),
);

export const login = once(() =>
  plainText(32)
    .pipe(
      z
        .string()
        .regex(
          /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._@+-]*$/u,
          'must start with a letter or digit and hold letters, digits, . _ @ + - only',
        ),
    )
    .meta({ description: 'Sign-in name: unique, never changes (S0-9)', example: 'jana.novakova' }),
);

export const title = once(() =>
  plainText(100).meta({
    description: 'The real name, diacritics welcome; seen by other users (S0-8)',
    example: 'Jana Nováková',
  }),
);

export const emoji = once(() =>
  z
    .string()
    .max(32)
    .refine(isOneEmoji, 'must be one emoji')
    .meta({ description: 'Shown next to the title (S0-8)', example: '🎧' }),
);

export const email = once(() =>
  plainText(254)
    .pipe(z.email('must be an email address like name@example.com'))
    .meta({ description: 'One email address', example: 'jana@example.com' }),
);

/** Kept as +…; typed as + or 00 with the country code (E.164). */
export const phoneNumber = once(() =>
  plainText(24)
    .transform((value) => value.replace(/[\s()./-]/g, '').replace(/^00/, '+'))
    .pipe(
      z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number with + or 00 and the country code, like +420601234567'),
    )
    .meta({ description: 'Telephone number with + or 00 and the country code', example: '+420601234567' }),
);

export const mobile = once(() =>
  phoneNumber().meta({
    description: 'Mobile number with + or 00 and the country code (S3-3)',
    example: '+420601234567',
  }),
);

/** Calls for help in the whole EU, and never anybody in particular (S1-23). */
export const europeanEmergency = '112';

export const isEuropeanEmergency = (number: string) => number === europeanEmergency;

export const cidr = once(() =>
  z
    .union([z.cidrv4(), z.cidrv6()], { error: 'must be a CIDR block like 192.0.2.0/24 or 2001:db8::/32' })
    .meta({ description: 'CIDR block', example: '192.0.2.0/24' }),
);

/** Signs in with either name (C5), so both forms are accepted here and judged by the look-up alone. */
export const signInName = once(() =>
  z
    .string()
    .max(254)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .meta({ description: 'Login or authentication email', example: 'jana.novakova' }),
);

/** What was typed as a password. Length is judged by the policy, in code points after NFC; this cap protects the hash. */
export const typedPassword = once(() =>
  z
    .string()
    .max(1024)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .meta({ description: 'Password, verified whole', format: 'password' }),
);

export const language = once(() =>
  z
    .string()
    .max(35)
    .refine(isLanguageTag, 'must be a BCP 47 language tag like en or cs-CZ')
    .meta({ description: 'Language of the user interface and of mails (BCP 47)', example: 'cs' }),
);

export const code = once(() =>
  z
    .string()
    .regex(/^[0-9]{6}$/, 'must be six digits')
    .meta({ description: 'The six digits from the mail, the message or the authenticator', example: '042817' }),
);

export const recoveryCode = once(() =>
  z
    .string()
    .max(40)
    // What is easily mistaken for another is read as what it must be: there are no 0, 1 and 8.
    .transform((value) =>
      value.toUpperCase().replace(/[\s-]/g, '').replaceAll('0', 'O').replaceAll('1', 'I').replaceAll('8', 'B'),
    )
    .pipe(z.string().regex(/^[A-Z2-7]{16}$/, 'must be one of the recovery codes, sixteen letters and digits'))
    .meta({ description: 'One of the recovery codes; good once', example: 'ABCD-EFGH-2345-6767' }),
);

export const secret = (prefix: string, what: string) =>
  z
    .string()
    .max(200)
    .meta({ description: `${what}; opaque`, example: `${prefix}_…` });

/** No leading zero: 7 and 007 would be two IDs to a machine, and one to a person at a telephone. */
export const numericId = once(() =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a number of at most six digits without a leading zero, like 4711')
    .meta({
      description: 'Numeric ID: Agent ID in reports, and how one logs on to queues by telephone (S3-5); unique',
      example: '4711',
    }),
);

export const extension = once(() =>
  z
    .string()
    .regex(/^\d{2,6}$/, 'must be two to six digits, like 217')
    .meta({
      description: 'Internal number (S0-40); unique. Best with three digits, and not 1XX (S1-23)',
      example: '217',
    }),
);

export const timeZone = once(() =>
  z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be an IANA time zone like Europe/Prague')
    .meta({ description: 'IANA time zone', example: 'Europe/Prague' }),
);

function isTimeZone(name: string): boolean {
  try {
    // An offset like +02:00 is none: it knows no summer time.
    return /^[A-Z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const instant = once(() =>
  z.iso.datetime().meta({ description: 'Instant in UTC', example: '2026-01-31T08:00:00.000Z' }),
);

export const version = once(() => z.int().meta({ description: 'Counts accepted changes; the ETag' }));

export const page = once(() => ({
  limit: z.coerce.number().int().min(1).max(100).default(100).meta({ description: 'Items a page, at most 100' }),
  cursor: z.string().max(2048).optional().meta({ description: '`next` of the page before' }),
}));

let oneEmoji: RegExp | undefined;

/** The expression is made at first use: compiling it takes 15 ms, which every cold start would pay. */
function isOneEmoji(value: string): boolean {
  oneEmoji ??= /^\p{RGI_Emoji}$/v;
  return oneEmoji.test(value);
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** Zod's issues as field errors with JSON pointers, for `invalid_input`. */
export function invalidInput(error: z.ZodError, root: string): Problem {
  const errors = error.issues.flatMap((issue) => fieldErrors(issue, root === '' ? [] : [root]));
  return new Problem('invalid_input', {
    detail: errors.map((each) => `${each.pointer}: ${each.detail}`).join('; '),
    errors,
  });
}

function fieldErrors(issue: z.core.$ZodIssue, root: readonly string[]): FieldError[] {
  const at = [...root, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    const detail = 'is not a field of this request; remove it';
    return issue.keys.map((key) => ({ pointer: pointerOf([...at, key]), detail }));
  }
  // Of several forms the one counts that the value came nearest to.
  const nearest =
    issue.code === 'invalid_union' ? issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a))[0] : undefined;
  if (nearest && depthOf(nearest) > 0) return nearest.flatMap((inner) => fieldErrors(inner, at));
  return [{ pointer: pointerOf(at), detail: issue.message }];
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));
}

function pointerOf(path: readonly string[]): string {
  return `/${path.map(escapePointer).join('/')}`;
}

function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
