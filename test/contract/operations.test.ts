import { existsSync, readdirSync } from 'node:fs';
import { canonicalName } from '#contract/fields.ts';
import { problemsOf, takesIdempotencyKey } from '#contract/operation.ts';
import { apiPrefix, functionPath, operationList, operations } from '#contract/operations.ts';
import { ownPermissions } from '#contract/permissions.ts';
import { problemCatalogue } from '#contract/problems.ts';
import { reactions } from '#contract/reactions.ts';

const files = readdirSync('functions', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

describe('the one list of operations', () => {
  it('has one file for each operation and each reaction, and no other file', () => {
    expect(files.sort()).toEqual([...operationList, ...reactions].map(functionPath).sort());
  });

  it('is served by the functions of the same names', async () => {
    for (const operation of operationList) {
      const { handler } = await import(`#functions/${functionPath(operation)}`);
      expect(handler.operation.id).toBe(operation.id);
    }
  });

  it('has a test file for each function', () => {
    const tests = readdirSync('test/functions', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.test.ts'),
    );
    const domains = new Set(tests.map((file) => file.split('/')[0]));
    expect(domains).toEqual(new Set([...operationList, ...reactions].map(({ domain }) => domain)));
  });

  it('has unique ids and unique routes', () => {
    const routes = operationList.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(routes).size).toBe(routes.length);
    const ids = [...operationList, ...reactions].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(operations)).toHaveLength(operationList.length);
  });

  it('names the parameters of each path in its schema', () => {
    for (const { path, params } of operationList) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(params?.shape ?? {})).toEqual(inPath);
    }
  });

  it('uses every permission and every problem that the catalogues name', () => {
    const used = new Set(operationList.flatMap((operation) => problemsOf(operation) as string[]));
    const elsewhere = ['not_found', 'method_not_allowed'];
    expect([...used, ...elsewhere].sort()).toEqual(Object.keys(problemCatalogue).sort());
    const asked = new Set(operationList.map(({ caller }) => caller as string));
    // The others are the platform’s, which asks for them itself.
    for (const permission of ownPermissions) expect(asked).toContain(permission);
  });

  it('is public only where somebody decided so', () => {
    const open = operationList.filter(({ caller }) => caller === 'public').map(({ id }) => id);
    expect(open.sort()).toEqual([
      'accept-invite',
      'choose-new-password',
      'complete-password-reset',
      'confirm-totp-setup',
      'get-health',
      'get-openapi',
      'request-password-reset',
      'resend-code',
      'sign-in',
      'start-totp-setup',
      'verify-code',
    ]);
  });

  it('seals wherever an answer may be kept for a repeat', () => {
    const repeatable = operationList.filter(takesIdempotencyKey);
    expect(repeatable.length).toBeGreaterThan(10);
    expect(repeatable.filter(({ needs }) => !needs.includes('seal')).map(({ id }) => id)).toEqual([]);
  });

  it('has an audit event wherever a signed-in caller changes something', () => {
    for (const { id, method, caller, audit, plans, form } of operationList) {
      // Who asks by a form posts, whatever they ask.
      if (method === 'GET' || caller === 'public' || plans || form) continue;
      expect({ id, audit }).toEqual({ id, audit: expect.any(String) });
    }
  });

  it('has none where a plan changes nothing, and no key to repeat it with', () => {
    const planning = operationList.filter(({ plans }) => plans);
    expect(planning.map(({ id }) => id).sort()).toEqual(['plan-access', 'plan-rights', 'plan-role', 'plan-user']);
    for (const operation of planning) {
      expect(operation).toMatchObject({ method: 'POST', status: 200, audit: null });
      expect(takesIdempotencyKey(operation)).toBe(false);
    }
  });

  it('writes only where it says so, hashes only where it says so', () => {
    for (const { id, needs, caller } of operationList) {
      if (caller !== 'public') expect({ id, needs }).toEqual({ id, needs: expect.arrayContaining(['read', 'write']) });
    }
  });

  it('stands below one prefix', () => {
    expect(apiPrefix).toBe('/v1');
    for (const { path } of operationList) expect(path).toMatch(/^\/[a-z0-9{}/.A-Z-]+$/);
  });
});

describe('K9 canonical names', () => {
  it('fold case and Unicode forms into one spelling', () => {
    for (const [a, b] of [
      ['Straße', 'STRASSE'],
      ['ﬁ', 'FI'],
      ['Å', 'A\u030a'],
      ['ſ', 's'],
      ['Σ', 'ς'],
    ] as const) {
      expect(canonicalName(a)).toBe(canonicalName(b));
    }
    expect(existsSync('packages/contract/fields.ts')).toBe(true);
  });
});
