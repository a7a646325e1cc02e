// What sets reactions off in a deployed tenant, and where their failures go.

import { type Reaction, reactions, type StreamPart } from '#contract/reactions.ts';
import { uploadsPrefix } from '#domain/pictures/uploads.ts';
import acme from '#tenants/acme.ts';
import { ofType, type Resource, synthesize, written } from './synthesize.ts';

const stack = synthesize(acme);
const list = reactions as readonly Reaction[];
const from = (source: Reaction['on']['from']) => list.filter(({ on }) => on.from === source);
const queues = ofType(stack, 'AWS::SQS::Queue').map(({ Properties }) => Properties);

/** Resources of the template that the function stands in. */
function beside(id: string): Resource[] {
  for (const { Resources } of stack.templates.values()) {
    const here = Object.values(Resources);
    if (here.some(({ Properties }) => Properties?.FunctionName === `roster-acme_${id}`)) return here;
  }
  throw new Error(`${id} has no function`);
}

const ruleOn = (source: string) =>
  ofType(stack, 'AWS::Events::Rule').find(({ Properties }) => Properties.EventPattern.source.includes(source));

const toFunction = (id: string) =>
  new RegExp(`^\\{${id.replaceAll(/(^|-)(.)/g, (_, __, c) => c.toUpperCase())}Function`);

describe('reactions of a deployed tenant', () => {
  it.each(list.map(({ id, timeoutSeconds }) => [id, timeoutSeconds]))(
    '%s has a function with its %i seconds',
    (id, seconds) => {
      const [handler] = beside(`${id}`).filter(({ Properties }) => Properties?.FunctionName === `roster-acme_${id}`);
      expect(handler?.Properties.Timeout).toBe(seconds);
    },
  );

  it.each(from('stream').map((reaction) => [reaction.id, reaction.on] as const))(
    '%s gets new, changed and removed items of its types, and a poison record steps aside',
    (id, on) => {
      const [mapping] = beside(id).filter(
        ({ Type, Properties }) =>
          Type.endsWith('EventSourceMapping') && toFunction(id).test(written(Properties.FunctionName)),
      );
      const { itemTypes, newTypes = [], removedTypes = [] } = on as StreamPart;
      const typed = (types: readonly string[]) => ({ type: { S: types } });
      const patterns = [
        { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: typed(itemTypes) } },
        ...(newTypes.length > 0 ? [{ eventName: ['INSERT'], dynamodb: { NewImage: typed(newTypes) } }] : []),
        ...(removedTypes.length > 0 ? [{ eventName: ['REMOVE'], dynamodb: { OldImage: typed(removedTypes) } }] : []),
      ];
      const { Filters } = mapping?.Properties.FilterCriteria ?? {};
      expect(Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual(patterns);
      expect(mapping?.Properties).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
      expect(mapping?.Properties.MaximumRetryAttempts).toBeLessThanOrEqual(10);
      expect(mapping?.Properties.MaximumRecordAgeInSeconds).toBeLessThanOrEqual(3600);
    },
  );

  it('has at most two readers of the stream, more would be throttled', () => {
    expect(from('stream').length).toBeLessThanOrEqual(2);
  });

  it.each(from('schedule').map((reaction) => [reaction.id, reaction.on] as const))(
    '%s runs on its schedule in UTC, told the scheduled time, with a dead-letter queue',
    (id, on) => {
      const [schedule] = beside(id).filter(
        ({ Type, Properties }) => Type.endsWith('::Schedule') && Properties.Name === id,
      );
      expect(schedule?.Properties).toMatchObject({
        ScheduleExpression: 'expression' in on && on.expression,
        ScheduleExpressionTimezone: 'UTC',
      });
      const { Arn, RoleArn, Input, DeadLetterConfig } = schedule?.Properties.Target ?? {};
      expect(written(Arn)).toMatch(toFunction(id));
      expect(written(RoleArn)).toMatch(/SchedulerRole/);
      expect(JSON.parse(Input)).toEqual({ scheduledAt: '<aws.scheduler.scheduled-time>' });
      expect(DeadLetterConfig.Arn).toBeDefined();
    },
  );

  it('hears of bounces and complaints about this tenant’s mails only', () => {
    const rule = ruleOn('aws.ses');
    expect(rule?.Properties.EventPattern).toMatchObject({
      source: ['aws.ses'],
      'detail-type': ['Email Bounced', 'Email Complaint Received'],
      detail: { mail: { tags: { 'ses:configuration-set': [expect.anything()] } } },
    });
    expect(written(rule?.Properties.Targets[0].Arn)).toMatch(toFunction(from('mail-feedback')[0]?.id ?? ''));
    const [destination] = ofType(stack, 'AWS::SES::ConfigurationSetEventDestination');
    expect(destination?.Properties.EventDestination.MatchingEventTypes).toEqual(['bounce', 'complaint']);
  });

  it('hears of uploads into this tenant’s bucket only, and CDK adds no function for it', () => {
    const rule = ruleOn('aws.s3');
    expect(rule?.Properties.EventPattern).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [expect.anything()] }, object: { key: [{ prefix: uploadsPrefix }] } },
    });
    const [target] = rule?.Properties.Targets ?? [];
    expect(written(target.Arn)).toMatch(toFunction('process-picture'));
    expect(target.DeadLetterConfig.Arn).toBeDefined();
    const [bucket] = ofType(stack, 'AWS::S3::Bucket');
    expect(bucket?.Properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
    expect(stack.resources.filter(({ Type }) => Type.startsWith('Custom::S3'))).toEqual([]);
  });

  it('asks Lambda to remember the failures of what was only handed over', () => {
    for (const { id } of [...from('schedule'), ...from('mail-feedback'), ...from('upload')]) {
      const [config] = beside(id).filter(
        ({ Type, Properties }) =>
          Type.endsWith('EventInvokeConfig') && toFunction(id).test(written(Properties.FunctionName)),
      );
      expect(config?.Properties.DestinationConfig.OnFailure.Destination).toBeDefined();
    }
  });

  it('keeps what failed for good 14 days, encrypted, in a queue of each reaction that nobody waits for, with an alarm', () => {
    const unattended = [...from('stream'), ...from('schedule'), ...from('mail-feedback'), ...from('upload')]
      .map(({ id }) => id)
      .sort();
    expect(queues.map(({ QueueName }) => QueueName).sort()).toEqual(
      unattended.map((id) => `roster-acme_${id}-dead-letters`),
    );
    for (const queue of queues)
      expect(queue).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    expect(ofType(stack, 'AWS::SQS::QueuePolicy')).toHaveLength(queues.length);
    const alarms = ofType(stack, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmName);
    for (const id of unattended) expect(alarms).toContain(`roster-acme_${id}-dead-letters`);
  });

  it('provisions at each deploy that changes code or tenant file, and the deploy waits for it', () => {
    const [trigger] = ofType(stack, 'Custom::Trigger');
    expect(trigger?.Properties).toMatchObject({ InvocationType: 'RequestResponse', ExecuteOnHandlerChange: true });
    const changed = synthesize({ ...acme, operatorEmail: 'someone.else@operator.example' });
    expect(ofType(changed, 'Custom::Trigger')[0]?.Properties.HandlerArn).not.toEqual(trigger?.Properties.HandlerArn);
  });

  it('brings the tenant file to who provisions, and to nobody else, however large it is', () => {
    const description = 'Takes a seat for a reason that is told at length, '.repeat(5);
    const licenses = Array.from({ length: 30 }, (_, n) => ({ id: `license-${n}`, name: `License ${n}`, description }));
    const large = {
      ...acme,
      operatorKeySha256: 'f'.repeat(64),
      licenses: { catalogue: { licenses, rules: [] }, owned: {} },
    };
    const { operatorKeySha256: _hash, ...told } = large;
    const synthesized = synthesize(large);
    const having = ofType(synthesized, 'AWS::Lambda::Function').flatMap((handler) => {
      const { FunctionName, Environment } = handler.Properties;
      // Lambda takes 4 kB of all variables together.
      expect(JSON.stringify(Environment ?? {}).length).toBeLessThan(2000);
      const file = FunctionName && synthesized.filesOf(handler)['tenant.json'];
      return file ? [{ FunctionName, path: Environment.Variables.TENANT_FILE, file: JSON.parse(file) }] : [];
    });
    const path = '/var/task/tenant.json';
    expect(having).toEqual([{ FunctionName: 'roster-acme_provision-tenant', path, file: told }]);
  });
});
