// The tenant of this machine. Stands here and not in tenants/, so that no synth can ever make a stack of it.

import { readTenantFile } from '#contract/tenant-file.ts';

export const localTenant = readTenantFile({
  name: 'local',
  region: 'eu-central-1',
  publicUrl: 'http://127.0.0.1:3000',
  mail: { from: 'roster@roster.example', identity: 'roster.example' },
  operatorEmail: 'operator@roster.example',
  firstSuperUser: { login: 'ada', title: 'Ada Admin', authEmail: 'ada@roster.example' },
});
