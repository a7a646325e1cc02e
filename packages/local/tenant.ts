// The tenant of this machine. Stands here and not in tenants/, so that no synth can ever make a stack of it.

import { readTenantFile } from '#contract/tenant-file.ts';

export const localTenant = readTenantFile({
  name: 'local',
  region: 'eu-central-1',
  publicUrl: 'http://127.0.0.1:3000',
  mail: { from: 'roster@roster.example', identity: 'roster.example' },
  operatorEmail: 'operator@roster.example',
  // Few enough to run out of, so that one sees what happens then.
  licenses: {
    owned: {
      voice: { seats: 40, price: { amount: 49, currency: 'EUR' } },
      email: { seats: 25, price: { amount: 19, currency: 'EUR' } },
      chat: { seats: 25, price: { amount: 19, currency: 'EUR' } },
      sms: { seats: 10, price: { amount: 9, currency: 'EUR' } },
      social: { seats: 10, price: { amount: 15, currency: 'EUR' } },
      'back-office': { seats: 20, price: { amount: 25, currency: 'EUR' } },
      cloudphone: { seats: 10, price: { amount: 12, currency: 'EUR' } },
      'ai-coworker': { seats: 5, price: { amount: 99, currency: 'EUR' } },
      'call-recording': { seats: 20, price: { amount: 6, currency: 'EUR' } },
      crm: { seats: 10, price: { amount: 20, currency: 'EUR' } },
      quality: { seats: 5, price: { amount: 15, currency: 'EUR' } },
    },
  },
  firstSuperUser: { login: 'ada', title: 'Ada Admin', authEmail: 'ada@roster.example' },
});
