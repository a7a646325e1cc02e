import { readTenantFile } from '#contract/tenant-file.ts';

export default readTenantFile({
  name: 'acme',
  region: 'eu-central-1',
  publicUrl: 'https://users.acme.example',
  mail: { from: 'users@acme.example', identity: 'acme.example' },
  operatorEmail: 'operations@operator.example',
  firstSuperUser: { login: 'jana.novakova', title: 'Jana Nováková', authEmail: 'jana.novakova@acme.example' },
});
