// What the operator has to do after a deploy, with the values it takes. Nothing secret: outputs can be read by all of the account.

import { CfnOutput } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { apiPrefix } from '#contract/operations.ts';
import type { TenantFile } from '#contract/tenant-file.ts';
import type { Api } from './api.ts';
import type { Mail } from './mail.ts';

export interface Deployed {
  tenant: TenantFile;
  table: Table;
  api: Api;
  mail: Mail;
  alarms: ITopic;
}

export function tellOperator(scope: Construct, { tenant, table, api, mail, alarms }: Deployed): void {
  const { identity, from } = tenant.mail;
  const tell = (id: string, value: string, description: string) => new CfnOutput(scope, id, { value, description });
  tell(
    'Address',
    api.gateway.apiEndpoint,
    `Let ${tenant.publicUrl} lead here: the API stands under ${apiPrefix}, the pages that mails link to beside it`,
  );
  tell('TableName', table.tableName, 'The table; it is kept when the stack is deleted');
  mail.identity.dkimRecords.forEach(({ name, value }, n) => {
    tell(
      `DkimRecord${n + 1}`,
      `${name} CNAME ${value}`,
      `Set it in the DNS of ${identity}; SES sends nothing before it sees all three`,
    );
  });
  tell('DmarcRecord', `_dmarc.${identity} TXT "v=DMARC1; p=quarantine"`, 'Set it too, unless the domain has one');
  tell(
    'MailSandbox',
    `aws sesv2 put-account-details --region ${tenant.region} --production-access-enabled --mail-type TRANSACTIONAL --website-url ${tenant.publicUrl}`,
    'Once an account and region: a new one sends to verified addresses only until AWS has lifted its sandbox',
  );
  tell(
    'SandboxInbox',
    `aws sesv2 create-email-identity --region ${tenant.region} --email-identity ${tenant.firstSuperUser.authEmail}`,
    'To try the tenant inside the sandbox: verifies the inbox that the invite goes to',
  );
  tell(
    'InviteSentTo',
    tenant.firstSuperUser.authEmail,
    `Invite of ${tenant.firstSuperUser.login}, from ${from}; it waits in the outbox until SES sends`,
  );
  tell(
    'AlarmTopic',
    alarms.topicArn,
    `Alarms; ${tenant.operatorEmail} must confirm the subscription by the mail from AWS`,
  );
}
