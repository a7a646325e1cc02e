import { readTenantFile } from '#contract/tenant-file.ts';

export default readTenantFile({
  name: 'globex',
  region: 'eu-west-1',
  publicUrl: 'https://people.globex.example',
  mail: { from: 'no-reply@mail.globex.example', identity: 'mail.globex.example' },
  operatorEmail: 'operations@operator.example',
  licenses: {
    owned: {
      voice: { seats: 120, price: { amount: 49, currency: 'EUR' } },
      email: { seats: 60, price: { amount: 19, currency: 'EUR' } },
      chat: { seats: 60, price: { amount: 19, currency: 'EUR' } },
      'back-office': { seats: 40, price: { amount: 25, currency: 'EUR' } },
      'call-recording': { seats: 120, price: { amount: 6, currency: 'EUR' } },
    },
  },
  firstSuperUser: { login: 'hank', title: 'Hank Scorpio', authEmail: 'hank@globex.example' },
  settings: { language: 'de', idleMinutes: 30, inviteDays: 3 },
});
