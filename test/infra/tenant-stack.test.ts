// A tenant's stack as a whole: what survives, what it costs while nobody uses it, how far it can grow, and that AWS would take it.

import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import { operationList } from '#contract/operations.ts';
import { reactions } from '#contract/reactions.ts';
import { writeLog } from '#serve/log.ts';
import { tableSchema } from '#table/schema.ts';
import acme from '#tenants/acme.ts';
import globex from '#tenants/globex.ts';
import { ofType, synthesize } from './synthesize.ts';

interface Measured {
  Period?: number;
  MetricStat?: { Period: number };
}

const stacks = [acme, globex].map((tenant) => [tenant.name, synthesize(tenant)] as const);

describe.each(stacks)('stack of tenant %s', (name, stack) => {
  it('keeps the table whatever happens to the stack', () => {
    const tables = ofType(stack, 'AWS::DynamoDB::Table');
    expect(tables).toHaveLength(1);
    expect(tables[0]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(tables[0]?.Properties).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(stack.terminationProtection).toBe(true);
  });

  it('makes the table that the code expects', () => {
    const { Properties: table } = ofType(stack, 'AWS::DynamoDB::Table')[0] ?? {};
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: tableSchema.streamView },
      TimeToLiveSpecification: { AttributeName: tableSchema.ttlAttribute, Enabled: true },
      KeySchema: [
        { AttributeName: tableSchema.partitionKey, KeyType: 'HASH' },
        { AttributeName: tableSchema.sortKey, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: tableSchema.indexes.map((index) =>
        expect.objectContaining({
          IndexName: index.name,
          Projection: {
            ProjectionType: index.projection,
            ...(index.attributes.length > 0 && { NonKeyAttributes: [...index.attributes] }),
          },
        }),
      ),
    });
  });

  it('K7 keeps uploads private, encrypted, over TLS alone, and for a day; forms may come from the tenant’s own pages', () => {
    const [bucket, ...others] = ofType(stack, 'AWS::S3::Bucket');
    expect(others).toEqual([]);
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    const { publicUrl } = stacks.find(([each]) => each === name)?.[0] === acme.name ? acme : globex;
    expect(bucket?.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: { Rules: [expect.objectContaining({ ExpirationInDays: 1, Status: 'Enabled' })] },
      CorsConfiguration: {
        CorsRules: [expect.objectContaining({ AllowedMethods: ['POST'], AllowedOrigins: [new URL(publicUrl).origin] })],
      },
    });
    expect(bucket?.Properties).not.toHaveProperty('VersioningConfiguration');
    const [policy] = ofType(stack, 'AWS::S3::BucketPolicy');
    const statements: { Effect: string; Condition: object }[] = policy?.Properties.PolicyDocument.Statement;
    expect(statements.every(({ Effect }) => Effect === 'Deny')).toBe(true);
    expect(JSON.stringify(statements)).toContain('"aws:SecureTransport":"false"');
  });

  it('has nothing that is paid for by the hour or the month, but alarms of less than 3 USD', () => {
    const paid =
      /KMS::Key|SecretsManager|NatGateway|EC2::|RDS::|ElastiCache|Kinesis|WAFv2|ProvisionedConcurrency|LoadBalancer/;
    expect(stack.resources.filter(({ Type }) => paid.test(Type))).toEqual([]);
    for (const { Properties } of ofType(stack, 'AWS::Lambda::Version', 'AWS::Lambda::Alias', 'AWS::Lambda::Function')) {
      expect(Properties).not.toHaveProperty('ProvisionedConcurrencyConfig');
    }
    const watched = ofType(stack, 'AWS::CloudWatch::Alarm').flatMap(({ Properties }) =>
      Properties.Metrics ? Properties.Metrics.filter((metric: object) => 'MetricStat' in metric) : [Properties],
    );
    expect(watched.length * 0.1).toBeLessThan(3);
  });

  it('gives each function a log of its own, which forgets after 90 days', () => {
    const logs = ofType(stack, 'AWS::Logs::LogGroup');
    for (const { Properties } of logs) expect(Properties.RetentionInDays).toBe(90);
    const functions = ofType(stack, 'AWS::Lambda::Function');
    for (const { Properties } of functions) expect(Properties.LoggingConfig.LogGroup.Ref).toBeDefined();
    // One more for the gateway's access log.
    expect(logs).toHaveLength(functions.length + 1);
  });

  it('sends mail over TLS only, and not again to who bounced or complained', () => {
    expect(ofType(stack, 'AWS::SES::ConfigurationSet')[0]?.Properties).toMatchObject({
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      ReputationOptions: { ReputationMetricsEnabled: true },
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
  });

  it('tells the operator of every alarm by mail, and CloudWatch may publish it', () => {
    const alarms = ofType(stack, 'AWS::CloudWatch::Alarm');
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toHaveLength(1);
    expect(ofType(stack, 'AWS::SNS::Subscription')[0]?.Properties.Endpoint).toBe('operations@operator.example');
    const [policy] = ofType(stack, 'AWS::SNS::TopicPolicy');
    expect(JSON.stringify(policy?.Properties.PolicyDocument)).toContain('cloudwatch.amazonaws.com');
    const watched = JSON.stringify(alarms);
    for (const metric of ['SeatDrift', 'MailUndelivered', 'IteratorAge', '5xx', 'Reputation.BounceRate']) {
      expect(watched).toContain(metric);
    }
  });

  it('alarms when a schedule stands still, by the report that each of its runs makes', () => {
    const alarms = ofType(stack, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    const silent = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
    expect(silent.map(({ MetricName, Period, EvaluationPeriods }) => [MetricName, Period, EvaluationPeriods])).toEqual([
      ['SeatDrift', 86_400, 1],
      ['OldestMailSeconds', 900, 2],
    ]);
    const scheduled = reactions.filter(({ on }) => on.from === 'schedule').map(({ id }) => id);
    for (const id of scheduled)
      expect(silent.map((each) => each.AlarmDescription).join()).toContain(`${id} does not run`);
  });

  it('has no alarm that looks back further than CloudWatch does', () => {
    for (const { Properties } of ofType(stack, 'AWS::CloudWatch::Alarm')) {
      const { Period, Metrics = [], EvaluationPeriods } = Properties;
      const periods: number[] = Metrics.map((each: Measured) => each.Period ?? each.MetricStat?.Period ?? 0);
      const seconds = Period ?? Math.max(...periods);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds * EvaluationPeriods).toBeLessThanOrEqual(seconds < 3600 ? 86_400 : 604_800);
    }
  });

  it('watches our own metrics under the names that the log gives them', () => {
    const lines: string[] = [];
    const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    writeLog(name, { level: 'error', event: 'mail_undelivered', metric: 'MailUndelivered' });
    stdout.mockRestore();
    const logged = JSON.parse(lines.join(''));
    const [{ Namespace, Dimensions, Metrics }] = logged._aws.CloudWatchMetrics;
    const alarm = ofType(stack, 'AWS::CloudWatch::Alarm').find(
      ({ Properties }) => Properties.MetricName === Metrics[0].Name,
    );
    expect(alarm?.Properties).toMatchObject({
      Namespace,
      Dimensions: Dimensions[0].map((each: string) => ({ Name: each, Value: logged[each] })),
    });
  });

  it('tells the operator what is left to do', () => {
    const root = stack.templates.get(`roster-${name}.template.json`);
    expect(Object.keys(root?.Outputs ?? {})).toEqual(
      expect.arrayContaining([
        'Address',
        'TableName',
        'DkimRecord1',
        'DkimRecord3',
        'MailSandbox',
        'InviteSentTo',
        'AlarmTopic',
      ]),
    );
  });

  it('leaves CloudFormation’s limits of 500 resources and 200 parameters far away in every template', () => {
    for (const [file, { Resources, ...rest }] of stack.templates) {
      expect([file, Object.keys(Resources).length <= 400]).toEqual([file, true]);
      expect(Object.keys((rest as { Parameters?: object }).Parameters ?? {}).length).toBeLessThan(100);
    }
  });

  it('is accepted by AWS’s own validator', () => {
    for (const [file, template] of stack.templates)
      expect([file, findings(JSON.stringify(template))]).toEqual([file, []]);
  });
});

it('the validator’s silence means something: it reports a misspelled property', () => {
  const bad = { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueNam: 'x' } } } };
  expect(findings(JSON.stringify(bad))).not.toEqual([]);
});

it('names fit AWS’s 64 characters for a tenant of 30', () => {
  const longest = Math.max(...[...operationList, ...reactions].map(({ id }) => id.length));
  expect(`roster-${'x'.repeat(30)}_`.length + longest).toBeLessThanOrEqual(64);
});

interface Finding {
  severity: string;
  ruleId: string;
  message: string;
}
interface Validator {
  validateTemplate(template: unknown): { diagnostics: Finding[] };
}

let validator: { engine: Validator; content: new (text: string) => unknown } | undefined;

/** What cloudformation-validate has to say, beyond hints and CDK's doubled dependencies (W3005). */
function findings(template: string): string[] {
  // Comes within aws-cdk-lib; the package of that name on the registry is older, with another interface.
  const fromCdk = createRequire(createRequire(import.meta.url).resolve('aws-cdk-lib/package.json'));
  const { CompositeEngine, TemplateContent } = fromCdk('@aws/cloudformation-validate');
  validator ??= { engine: new CompositeEngine(), content: TemplateContent };
  return validator.engine
    .validateTemplate(new validator.content(template))
    .diagnostics.filter(({ severity, ruleId }) => severity !== 'INFO' && ruleId !== 'W3005')
    .map(({ severity, ruleId, message }) => `${severity} ${ruleId} ${message}`);
}
