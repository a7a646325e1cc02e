import { readTenantFile } from '#contract/tenant-file.ts';

export default readTenantFile({
  name: 'acme',
  region: 'eu-central-1',
  publicUrl: 'https://users.acme.example',
  mail: { from: 'users@acme.example', identity: 'acme.example' },
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
  firstSuperUser: { login: 'jana.novakova', title: 'Jana Nováková', authEmail: 'jana.novakova@acme.example' },
});
