import { createClient } from '#client/client.ts';
import type { User } from '#domain/users/user.ts';
import { fetchOf } from '../../client/fetch-of-tenant.ts';
import { licensesRead, type Read } from './reading.ts';

/** A reader of RFC 4180 that shares no code with the writer. */
function parsed(file: string): string[][] {
  const text = file.replace(/^\uFEFF/, '');
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') {
          cell += '"';
          at++;
        } else break;
      }
      at++;
    } else {
      for (; at < text.length && text[at] !== ',' && text[at] !== '\r'; at++) cell += text[at];
    }
    row.push(cell);
    if (text[at] === ',') at++;
    else if (text.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`No row ends at ${at}: ${text.slice(at, at + 20)}`);
  }
  if (row.length > 0) throw new Error('The last row has no end');
  return rows;
}

async function pages({ call }: Read, query: Record<string, string> = {}) {
  const found: string[][][] = [];
  for (let next: Record<string, string> | undefined = query; next; ) {
    const answer = await call('export-license-usage', { query: next });
    expect(answer.status).toBe(200);
    found.push(parsed(answer.body));
    const [, link] = /^<(.*)>; rel="next"$/.exec(answer.headers.link ?? '') ?? [];
    next = link === undefined ? undefined : Object.fromEntries(new URL(link).searchParams);
  }
  return found;
}

const columns = ['user', 'title', 'login', 'type', 'state', 'license', 'name', 'since', 'field', 'cause'];

describe('S0-57 the export of who takes licenses', () => {
  it('is CSV to be saved: a header row, and one row a user and license with since, field and cause', async () => {
    const read = await licensesRead();
    const user = await read.aHolder({ title: 'Jana', recording: 'from-call-start' });
    const { status, headers, body } = await read.call('export-license-usage');
    expect(status).toBe(200);
    // Each page is a file to be opened.
    expect(body).toMatch(/^\uFEFFuser,/);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="license-usage.csv"',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('link');
    const since = new Date(read.tenant.deps.now()).toISOString();
    const [head, ...rows] = parsed(body);
    expect(head).toEqual(columns);
    const first = [user.id, 'Jana', '', 'contact-center', 'active'];
    expect(rows).toEqual([
      [...first, 'call-recording', 'Call recording', since, 'recording', 'calls are recorded'],
      [
        ...[...first, 'voice', 'Voice', since, 'type'],
        'type contact-center takes one channel at least, and the rights include no queue',
      ],
    ]);
  });

  it('neutralizes what a spreadsheet would run, and keeps quotes and commas', async () => {
    const read = await licensesRead();
    const titles = ['=HYPERLINK("http://x";"y")', '+1', '-1', '@SUM(A1)', 'Nová, "Jana"', 'Petr;=1+1'];
    for (const title of titles) await read.aHolder({ title });
    const { body } = await read.call('export-license-usage');
    const told = parsed(body)
      .slice(1)
      .map((row) => row[1]);
    const wanted = titles.map((title) => (/^[=+\-@]/.test(title) ? `'${title}` : title.replace(';=', ";'=")));
    expect(told.sort()).toEqual(wanted.sort());
    for (const cell of parsed(body).flat()) expect(cell).not.toMatch(/(^|;)[=+\-@\t\r]/);
  });

  it('is paged in whole users of a thousand rows at most, with a Link under the public address', async () => {
    const read = await licensesRead();
    const host = 'attacker.example';
    // Of eight licenses each.
    const role = await read.people.role(['crm:use', 'quality:use']);
    const values: Partial<User> = { rights: 'rgt_everything', roles: [role], recording: 'from-call-start' };
    for (let n = 0; n < 130; n += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, at) => read.aHolder({ ...values, title: `H ${n + at}` })));
    }
    const answer = await read.call('export-license-usage', { headers: { host } });
    expect(answer.headers.link).toMatch(
      /^<https:\/\/acme\.example\/v1\/licenses\/usage\/export\?cursor=[^&>]+>; rel="next"$/,
    );
    const found = await pages(read);
    expect(found.length).toBe(2);
    for (const [head, ...rows] of found) {
      expect(head).toEqual(columns);
      expect(rows.length).toBeLessThanOrEqual(1000);
    }
    expect(found[0]?.length).toBeGreaterThan(850);
    const rows = found.flatMap(([, ...each]) => each);
    expect(new Set(rows.map((row) => `${row[0]} ${row[5]}`)).size).toBe(1040);
    expect(rows).toHaveLength(1040);

    const one = await pages(read, { license: 'voice' });
    expect(one.map(([, ...each]) => each.length)).toEqual([130]);
    expect(
      new Set(
        one
          .flat()
          .slice(1)
          .map((row) => row[5]),
      ),
    ).toEqual(new Set(['voice']));
  }, 120_000);

  it('has logins with users:read-details, and comes through the client page by page', async () => {
    const read = await licensesRead();
    const user = await read.aHolder({ title: 'Jana' });
    const token = await read.whoMay('licenses:read', 'users:read-details');
    const client = createClient({ baseUrl: 'https://acme.example', token, fetch: fetchOf(read.tenant) });
    const { file, text, next } = await client.exportLicenseUsage({ query: { license: 'voice' } });
    expect({ file, next }).toEqual({ file: 'license-usage-voice.csv', next: undefined });
    expect(parsed(text)[1]?.slice(0, 3)).toEqual([user.id, 'Jana', user.login]);
  });
});
