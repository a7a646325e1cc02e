// What a need is worth in AWS: the least that fulfills it, on this tenant's resources alone. Never on `*`; the one thing that is no
// resource, a phone number, is what remains when all resources of its service are taken away.

import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Need } from '#contract/operation.ts';

/** ARNs of what a tenant's functions work with. */
export interface Granted {
  tableArn: string;
  streamArn: string;
  sealKeysArn: string;
  /** Of all that is uploaded. */
  uploadsArn: string;
  mail: { identityArn: string; configurationSetArn: string; from: string };
  /** Pattern over the log streams of this tenant's functions. */
  logsArn: string;
}

export function statementsFor(need: Need, on: Granted): iam.PolicyStatement[] {
  switch (need) {
    case 'read':
      return [
        allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], [on.tableArn, `${on.tableArn}/index/*`]),
      ];
    case 'write':
      return [
        allow(
          ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
          [on.tableArn],
        ),
        neverIntoAudit(on.tableArn),
      ];
    case 'seal':
      return [allow(['ssm:GetParameter'], [on.sealKeysArn])];
    case 'make-key':
      return [allow(['ssm:GetParameter', 'ssm:PutParameter'], [on.sealKeysArn])];
    case 'mail':
      return [
        allow(['ses:SendEmail'], [on.mail.identityArn, on.mail.configurationSetArn], {
          StringEquals: { 'ses:FromAddress': on.mail.from },
        }),
        toPhonesOnly(),
      ];
    case 'keep-audit':
      return [
        allow(['dynamodb:PartiQLInsert'], [on.tableArn], {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['AUDIT#*'] },
          // ForAllValues holds for no value as well.
          Null: { 'dynamodb:LeadingKeys': 'false' },
        }),
      ];
    case 'begin-upload':
      // A form is worth what its signer may do.
      return [allow(['s3:PutObject'], [on.uploadsArn])];
    case 'take-upload':
      return [allow(['s3:GetObject', 's3:DeleteObject'], [on.uploadsArn])];
    case 'hash':
    case 'decode':
      return [];
  }
}

/** Every function writes its own log; the group exists, so none may create one. */
export function logStatement(on: Granted): iam.PolicyStatement {
  return allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [on.logsArn]);
}

/** What Lambda needs to read the stream on a function's behalf. */
export function streamStatements(on: Granted): iam.PolicyStatement[] {
  return [
    allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [on.streamArn]),
    // The event source mapping checks for it; it lists the streams of a table, so it stands above one stream.
    allow(['dynamodb:ListStreams'], [`${on.tableArn}/stream/*`]),
  ];
}

export function sendTo(queueArn: string): iam.PolicyStatement {
  return allow(['sqs:SendMessage'], [queueArn]);
}

/** An SMS goes to a number, which has no ARN to name; topics and app endpoints have, and are left out. */
function toPhonesOnly(): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['sns:Publish'], notResources: [`arn:${Aws.PARTITION}:sns:*:*:*`] });
}

/** The history is written once: none of our own code may change, replace or remove an entry. What may be granted is inserting. */
function neverIntoAudit(tableArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: [
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:PartiQLUpdate',
      'dynamodb:PartiQLDelete',
    ],
    resources: [tableArn],
    conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['AUDIT#*'] } },
  });
}

function allow(actions: string[], resources: string[], conditions?: Record<string, unknown>): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) });
}
