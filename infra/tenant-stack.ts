// One tenant = one stack. The root holds what is shared: table, API, mail, roles, dead letters, alarms; functions stand in a nested stack a domain.

import { type App, ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { TenantFile } from '#contract/tenant-file.ts';
import { makeAlarms } from './alarms.ts';
import { makeApi } from './api.ts';
import { makeDashboard } from './dashboard.ts';
import { makeDeadLetters } from './dead-letters.ts';
import { DomainStack, type DomainSurroundings, domains } from './domain-stack.ts';
import type { Granted } from './grants.ts';
import { type Mail, makeMail } from './mail.ts';
import { metricsOf } from './metrics.ts';
import { ownName, sealKeysParameter, stackName } from './names.ts';
import { tellOperator } from './outputs.ts';
import { Roles } from './roles.ts';
import { makeScheduleGroup } from './schedules.ts';
import { makeTable } from './table.ts';
import { makeUploadsBucket, uploadsArn } from './uploads.ts';

export interface TenantStackProps {
  tenant: TenantFile;
  /** Folder with the built `index.mjs` of an operation or a reaction. */
  codeFolder: (id: string) => string;
}

export class TenantStack extends Stack {
  constructor(app: App, { tenant, codeFolder }: TenantStackProps) {
    super(app, stackName(tenant), {
      env: { region: tenant.region },
      description: `Roster for ${tenant.name}`,
      terminationProtection: true,
      tags: { product: 'roster', tenant: tenant.name },
    });
    const table = makeTable(this);
    const api = makeApi(this, tenant);
    const mail = makeMail(this, tenant);
    const uploads = makeUploadsBucket(this, tenant);
    const deadLetters = makeDeadLetters(this, tenant);
    const roles = new Roles(this, granted(this, tenant, table, mail, uploads));
    const surroundings: DomainSurroundings = {
      tenant,
      codeFolder,
      table,
      configurationSetName: mail.configurationSetName,
      uploadsBucketName: uploads.bucketName,
      api,
      roles,
      deadLetters,
      schedules: makeScheduleGroup(this, tenant),
    };
    for (const domain of domains) new DomainStack(this, domain, surroundings);

    const metrics = metricsOf(tenant, api.gateway.apiId, table.tableName);
    const alarms = makeAlarms(this, tenant, metrics, deadLetters);
    makeDashboard(this, tenant, metrics, deadLetters);
    tellOperator(this, { tenant, table, api, mail, alarms });
  }
}

function granted(stack: Stack, tenant: TenantFile, table: Table, mail: Mail, uploads: IBucket): Granted {
  return {
    tableArn: table.tableArn,
    // Named and not referred to: provision-tenant makes the parameter.
    sealKeysArn: stack.formatArn({ service: 'ssm', resource: `parameter${sealKeysParameter(tenant)}` }),
    // The schema has a stream view, so the table has a stream.
    streamArn: table.tableStreamArn as string,
    uploadsArn: uploadsArn(uploads),
    mail: {
      identityArn: mail.identity.emailIdentityArn,
      configurationSetArn: mail.configurationSetArn,
      from: tenant.mail.from,
    },
    logsArn: stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `/aws/lambda/${ownName(tenant, '*')}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  };
}
