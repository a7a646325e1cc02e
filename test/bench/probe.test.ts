import { spendingMeter } from '../../bench/spending.ts';
import { aTenant, password } from '#test/setup/tenant.ts';
it('probe', async () => {
  const m = spendingMeter();
  const t = await aTenant({}, { meter: m.meter });
  const { token, user } = await t.aSuperUser();
  const lines: string[] = [];
  const go = async (name: string, id: any, o: any = {}) => {
    let a: any; const s = await m.of(async () => { a = await t.call(id, o); });
    lines.push(`${name} ${a.status} R${s.readUnits} W${s.writeUnits} trips ${s.trips}: ${s.commands.join(', ')}`);
    return a.body;
  };
  for (let i = 0; i < 120; i++) await t.aUser({ title: `Jana Nováková ${i}`, login: `jana.novakova${i}`, authEmail: `jana.novakova${i}@contact-center.example`, language: 'cs' });
  const pw = await t.aUser(); const otp = await t.aUser({ secondFactor: 'email-otp' });
  for (const cold of [true, false]) {
    const c = () => { if (cold) t.deps.definitions.clear(); };
    c(); await go('me', 'get-me', { token });
    c(); await go('signin', 'sign-in', { body: { login: pw.login, password } });
    c(); const s = await go('signin otp', 'sign-in', { body: { login: otp.login, password } });
    const code = (await t.mails()).at(-1)?.data.code;
    c(); await go('verify', 'verify-code', { body: { challenge: s.next.challenge, code } });
    c(); const u = await go('create', 'create-user', { token, body: { title: 'Jana Nováková-Svobodová', login: `jana.nova${cold}`, type: 'contact-center', authEmail: `jana.nova${cold}@contact-center.example`, secondFactor: 'email-otp', language: 'cs' } });
    await go('get', 'get-user', { token, params: { userId: u.id } });
    await go('list', 'list-users', { token, query: { limit: '100' } });
    await go('change', 'change-user', { token, params: { userId: u.id }, body: { title: 'Jana' }, headers: { 'if-match': '"1"' } });
    c(); await go('reset', 'request-password-reset', { body: { login: pw.login } });
    c(); await go('reset nobody', 'request-password-reset', { body: { login: 'nobody' + cold } });
    await go('deactivate', 'deactivate-user', { token, params: { userId: u.id } });
    t.advance(301);
    await go('me touch', 'get-me', { token });
    await go('sessions', 'list-my-sessions', { token });
  }
  await go('signout', 'sign-out', { token });
  console.log(lines.join('\n'));
});
