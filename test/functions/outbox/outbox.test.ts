import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver, Unsendable, wake } from '#domain/outbox/delivery.ts';
import { outboxPartitions } from '#table/keys.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeEach(async () => {
  tenant = await aTenant();
});

const waiting = async () => (await tenant.allOf(outboxPartitions)).filter(({ type }) => type === 'message');

async function aMail() {
  const user = await tenant.aUser({ secondFactor: 'email-otp' });
  const { body } = await tenant.call('sign-in', { body: { login: user.login, password } });
  const item = (await waiting()).find(({ userId }) => userId === user.id);
  return { user, challenge: body.next.challenge as string, place: { pk: item?.pk as string, sk: item?.sk as string } };
}

describe('G8 I10 the outbox', () => {
  it('sends a mail and forgets it', async () => {
    const { place, user } = await aMail();
    const sent: string[] = [];
    await deliver(tenant.deps, place, async ({ to }) => void sent.push(to));
    await deliver(tenant.deps, place, async ({ to }) => void sent.push(to));
    expect(sent).toEqual([user.authEmail]);
    expect(await waiting()).toEqual([]);
  });

  it('keeps a mail that could not be sent, and sends the same code when it is tried again', async () => {
    const { place } = await aMail();
    const codes: unknown[] = [];
    const failing = deliver(tenant.deps, place, async ({ data }) => {
      codes.push(data.code);
      throw new Error('SES is down');
    });
    await expect(failing).rejects.toThrow('SES is down');
    await deliver(tenant.deps, place, async ({ data }) => void codes.push(data.code));
    expect(codes[0]).toBe(codes[1]);
  });

  it('does not send a code that is dead, and raises the alarm instead', async () => {
    const { place } = await aMail();
    tenant.advance(600);
    await deliver(tenant.deps, place, async () => {
      throw new Error('must not be sent');
    });
    expect(tenant.logged.at(-1)).toMatchObject({ event: 'mail_undelivered', metric: 'MailUndelivered' });
    expect(await waiting()).toEqual([]);
  });

  it('gives up what can never be sent, keeps it to be seen, and throws its secret away', async () => {
    const { place } = await aMail();
    await deliver(tenant.deps, place, async () => {
      throw new Unsendable('no such address');
    });
    const kept = await tenant.read(place);
    expect(kept).toMatchObject({ type: 'undelivered', reason: 'no such address' });
    expect(kept).not.toHaveProperty('data');
  });

  it('does not remove a newer mail that took the place while the old one was being sent', async () => {
    const { place, challenge } = await aMail();
    tenant.advance(60);
    await deliver(tenant.deps, place, async () => {
      await tenant.call('resend-code', { body: { challenge } });
    });
    expect(await waiting()).toHaveLength(1);
  });

  it('wakes what has waited for more than two minutes, with a change that the stream sees', async () => {
    const { place } = await aMail();
    expect(await wake(tenant.deps)).toEqual({ woken: 0, oldestSeconds: 0 });
    tenant.advance(121);
    expect(await tenant.react('expire-tokens', {})).toMatchObject({ woken: 1 });
    expect(await tenant.read(place)).toMatchObject({ wokenAt: tenant.deps.now() });
    expect(tenant.logged.findLast(({ event }) => event === 'swept')).toMatchObject({
      metric: 'OldestMailSeconds',
      value: 121,
    });
  });

  it('reports a record that failed and sends its neighbors', async () => {
    const [bad, good] = [await aMail(), await aMail()];
    const ses = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const isBad = decodeURIComponent(Buffer.concat(chunks).toString()).includes(bad.user.authEmail as string);
        response.writeHead(isBad ? 500 : 200, { 'content-type': 'text/xml' });
        response.end(
          isBad
            ? '<e/>'
            : '<SendEmailResponse><SendEmailResult><MessageId>1</MessageId></SendEmailResult></SendEmailResponse>',
        );
      });
    });
    ses.listen(0, '127.0.0.1');
    await once(ses, 'listening');
    process.env.SES_ENDPOINT = `http://127.0.0.1:${(ses.address() as AddressInfo).port}`;
    process.env.MAIL_FROM = 'roster@acme.example';
    const record = ({ pk, sk }: { pk: string; sk: string }, n: string) => ({
      dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: n },
    });
    const answer = await tenant.react('deliver-outbox', { Records: [record(bad.place, '1'), record(good.place, '2')] });
    ses.closeAllConnections();
    ses.close();
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect((await waiting()).map(({ userId }) => userId)).toEqual([bad.user.id]);
  });
});

describe('what SES reports', () => {
  const report = (userId: string, address: string, detail: object) =>
    tenant.react('record-mail-feedback', { detail: { mail: { tags: { user: [userId] } }, ...detail, address } });
  const bounce = (address: string, bounceType = 'Permanent') => ({
    eventType: 'Bounce',
    bounce: { bounceType, bouncedRecipients: [{ emailAddress: address }] },
  });

  it('marks an address that bounces for good, once, and administrators see it', async () => {
    const user = await tenant.aUser();
    const { token } = await tenant.aSuperUser();
    for (let n = 0; n < 2; n++) await report(user.id, '', bounce(user.authEmail?.toUpperCase() as string));
    const { body } = await tenant.call('get-user', { token, params: { userId: user.id } });
    expect(body).toMatchObject({ authEmailTrouble: 'bounced', version: 2 });
    const entries = (await tenant.audit()).filter(({ event }) => event === 'user.email-trouble');
    expect(entries).toHaveLength(1);
    const changed = await tenant.call('change-user', {
      token,
      params: { userId: user.id },
      headers: { 'if-match': '2' },
      body: { authEmail: 'fresh@example.com' },
    });
    expect(changed.body).not.toHaveProperty('authEmailTrouble');
  });

  it('marks complaints, but neither passing bounces nor an address that the user no longer has', async () => {
    const user = await tenant.aUser();
    await report(user.id, '', bounce(user.authEmail as string, 'Transient'));
    await report(user.id, '', bounce('old@example.com'));
    await report('usr_000000000000000000000000', '', bounce('x@example.com'));
    const { token } = await tenant.aSuperUser();
    const read = () => tenant.call('get-user', { token, params: { userId: user.id } });
    expect((await read()).body).not.toHaveProperty('authEmailTrouble');
    await report(user.id, '', {
      eventType: 'Complaint',
      complaint: { complainedRecipients: [{ emailAddress: user.authEmail }] },
    });
    expect((await read()).body).toMatchObject({ authEmailTrouble: 'complained' });
  });
});
