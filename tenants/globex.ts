import { readTenantFile } from '#contract/tenant-file.ts';

export default readTenantFile({
  name: 'globex',
  region: 'eu-west-1',
  publicUrl: 'https://people.globex.example',
  mail: { from: 'no-reply@mail.globex.example', identity: 'mail.globex.example' },
  operatorEmail: 'operations@operator.example',
  firstSuperUser: { login: 'hank', title: 'Hank Scorpio', authEmail: 'hank@globex.example' },
  settings: { language: 'de', idleMinutes: 30, inviteDays: 3 },
});
