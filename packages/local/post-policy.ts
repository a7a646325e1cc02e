// What S3 asks of a form that somebody uploads with: the policy is signed by who may let others upload, has not expired, and
// allows each field and the size of the file. Source: "POST policy" and "Authenticating requests in POST" in S3's API reference.

import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface PostedForm {
  bucket: string;
  /** By names in lower case. */
  fields: ReadonlyMap<string, string>;
  fileBytes: number;
}

/** A refusal in S3's words. */
export class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

type Condition = Record<string, string> | readonly [string, string | number, string | number];

/** Fields that no condition has to allow. */
const FREE = ['x-amz-signature', 'policy', 'file', 'bucket'];

/** @throws StoreRefusal */
export function checkPost(form: PostedForm, credentials: Credentials, now: number): void {
  const policy = form.fields.get('policy');
  if (!policy) throw denied('The form has no policy');
  checkSignature(form.fields, policy, credentials);
  const { expiration, conditions } = read(policy);
  if (!(Date.parse(expiration) > now)) throw denied('Invalid according to Policy: Policy expired.');
  const values = new Map([...form.fields, ['bucket', form.bucket]]);
  const allowed = new Set(FREE);
  for (const condition of conditions) allowed.add(checkCondition(condition, values, form.fileBytes));
  for (const name of form.fields.keys()) {
    if (!allowed.has(name) && !name.startsWith('x-ignore-')) {
      throw denied(`Invalid according to Policy: Extra input fields: ${name}`);
    }
  }
}

function checkSignature(fields: PostedForm['fields'], policy: string, credentials: Credentials): void {
  const [keyId, ...scope] = (fields.get('x-amz-credential') ?? '').split('/');
  if (keyId !== credentials.accessKeyId || scope.length !== 4) {
    throw new StoreRefusal(403, 'InvalidAccessKeyId', 'The access key is not known here');
  }
  const sign = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const signingKey = scope.reduce<string | Buffer>(sign, `AWS4${credentials.secretAccessKey}`);
  const expected = sign(signingKey, policy);
  const given = Buffer.from(fields.get('x-amz-signature') ?? '', 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new StoreRefusal(403, 'SignatureDoesNotMatch', 'The signature does not match the policy');
  }
}

function read(policy: string): { expiration: string; conditions: Condition[] } {
  try {
    return JSON.parse(Buffer.from(policy, 'base64').toString('utf8'));
  } catch {
    throw new StoreRefusal(400, 'InvalidPolicyDocument', 'The policy is not JSON');
  }
}

/** @returns the field that it allows */
function checkCondition(condition: Condition, values: ReadonlyMap<string, string>, fileBytes: number): string {
  if (!Array.isArray(condition)) {
    const [[name, wanted] = ['', '']] = Object.entries(condition as Record<string, string>);
    return checkField('eq', name, wanted, values);
  }
  const [kind, first, second] = condition as [string, string | number, string | number];
  if (kind === 'content-length-range') {
    if (fileBytes < Number(first)) throw new StoreRefusal(400, 'EntityTooSmall', 'The file is smaller than allowed');
    if (fileBytes > Number(second)) throw new StoreRefusal(400, 'EntityTooLarge', 'The file is larger than allowed');
    return 'file';
  }
  return checkField(kind, String(first).replace(/^\$/, ''), String(second), values);
}

function checkField(kind: string, written: string, wanted: string, values: ReadonlyMap<string, string>): string {
  const name = written.toLowerCase();
  const given = values.get(name) ?? '';
  const isKept = kind === 'eq' ? given === wanted : kind === 'starts-with' && given.startsWith(wanted);
  if (!isKept) throw denied(`Invalid according to Policy: Policy Condition failed: ["${kind}", "$${written}", …]`);
  return name;
}

function denied(message: string): StoreRefusal {
  return new StoreRefusal(403, 'AccessDenied', message);
}
