// What the roles of a tenant may do. Walks every statement of every template.

import { operationList } from '#contract/operations.ts';
import { type Reaction, reactions } from '#contract/reactions.ts';
import acme from '#tenants/acme.ts';
import { ofType, type Resource, type Synthesized, synthesize, written } from './synthesize.ts';

const stack = synthesize(acme);
const neighbor = synthesize({ ...acme, name: 'acme-eu', mail: { from: 'users@eu.example', identity: 'eu.example' } });
const entries: readonly Pick<Reaction, 'id' | 'needs'>[] = [...operationList, ...(reactions as readonly Reaction[])];

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  /** Everything but these. */
  NotResource?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** IAM's wildcard: any characters, slashes too. */
function covers(pattern: string, arn: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(arn);
}

const many = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

function statementsOf(role: Resource): Statement[] {
  return role.Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  );
}

/** Role by the function that runs in it: through the nested stack's parameter to the root's role. */
function roleOf(id: string): Resource {
  const root = stack.templates.get('roster-acme.template.json')?.Resources ?? {};
  const [handler] = ofType(stack, 'AWS::Lambda::Function').filter(
    ({ Properties }) => Properties.FunctionName === `roster-acme_${id}`,
  );
  for (const { Type, Properties } of Object.values(root)) {
    const value = Type === 'AWS::CloudFormation::Stack' && Properties.Parameters?.[handler?.Properties.Role.Ref];
    const role = value && root[value['Fn::GetAtt'][0]];
    if (role) return role;
  }
  throw new Error(`${id} has no role`);
}

const roles = ofType(stack, 'AWS::IAM::Role');
const allowed = (role: Resource): string[] =>
  statementsOf(role)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => many(Action));
const patterns = (statements: Statement[]): string[] =>
  statements.flatMap(({ Resource }) => (Resource === undefined ? [] : many(Resource).map(written)));

describe('grants of a tenant', () => {
  it('are all written in the roles themselves: no managed policy, none attached from elsewhere', () => {
    expect(ofType(stack, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')).toEqual([]);
    for (const role of roles) expect(role.Properties.ManagedPolicyArns ?? []).toEqual([]);
  });

  it('name neither every resource nor every action, in any role', () => {
    expect(roles.length).toBeGreaterThan(5);
    for (const statement of roles.flatMap(statementsOf)) {
      for (const resource of patterns([statement])) {
        // Something of this template, or a name that only this tenant's things bear; a wildcard may only come after it.
        expect(resource).toMatch(
          /^(\{\w+(\.\w+)?\}|arn:[^*]*:(function:roster-acme_|log-group:\/aws\/lambda\/roster-acme_|parameter\/roster\/acme\/|configuration-set\/\{MailRules|identity\/\{MailIdentity))/,
        );
      }
      for (const action of many(statement.Action)) expect(action).not.toContain('*');
      // Either named, or the one exception below.
      expect('Resource' in statement !== 'NotResource' in statement).toBe(true);
    }
  });

  it('say what a role may not reach, instead of what it may, once: SMS, of deliver-outbox alone, to numbers and no topic', () => {
    const found = roles.flatMap((role) =>
      statementsOf(role)
        .filter((statement) => 'NotResource' in statement || many(statement.Action).some((each) => /^sns:/.test(each)))
        .map((statement) => ({ role, statement })),
    );
    // A phone number is no resource to IAM: all that can be said is that it is none of SNS's, which are all topics and app endpoints.
    expect(found).toEqual([
      {
        role: roleOf('deliver-outbox'),
        statement: { Effect: 'Allow', Action: 'sns:Publish', NotResource: expect.anything() },
      },
    ]);
    const excluded = many(found[0]?.statement.NotResource).map(written);
    expect(excluded).toEqual(['arn:{AWS::Partition}:sns:*:*:*']);
    const isExcluded = (arn: string) => covers(excluded.join().replace('{AWS::Partition}', 'aws'), arn);
    expect(isExcluded('arn:aws:sns:eu-central-1:123456789012:roster-acme-alarms')).toBe(true);
    expect(isExcluded('arn:aws:sns:us-east-1:210987654321:endpoint/APNS/app/1')).toBe(true);
    expect(isExcluded('+420601234567')).toBe(false);
  });

  it('never reach a tenant whose name begins with this one’s', () => {
    const wild = patterns(roles.flatMap(statementsOf)).filter((pattern) => /:(function|log-group):.*\*/.test(pattern));
    const reached = (from: Synthesized) =>
      wild.flatMap((pattern) => {
        const [head, kind] = /^.*:(function|log-group):/.exec(pattern) ?? [];
        const names = from.resources.map(({ Properties: p }) =>
          kind === 'function' ? p?.FunctionName : `${p?.LogGroupName}:log-stream:today`,
        );
        return names.filter((each) => covers(pattern, `${head}${each}`));
      });
    expect(reached(stack).length).toBeGreaterThan(20);
    expect(reached(neighbor)).toEqual([]);
  });

  it('let deliver-outbox alone send mail, from the tenant’s address and identity', () => {
    const senders = roles.filter((role) => allowed(role).some((action) => action.startsWith('ses:')));
    expect(senders).toEqual([roleOf('deliver-outbox')]);
    for (const { id } of entries.filter((entry) => entry.id !== 'deliver-outbox')) {
      expect(allowed(roleOf(id)).join()).not.toMatch(/ses:/);
    }
    const [send] = statementsOf(roleOf('deliver-outbox')).filter(
      ({ Action }) => many(Action).join() === 'ses:SendEmail',
    );
    expect(send?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'users@acme.example' } });
    expect(patterns([send as Statement])).toHaveLength(2);
  });

  it.each(entries.map(({ id, needs }) => [id, needs] as const))('give %s what it needs, and no more', (id, needs) => {
    const actions = allowed(roleOf(id));
    expect(actions.includes('dynamodb:Query')).toBe(needs.includes('read'));
    expect(actions.includes('dynamodb:PutItem')).toBe(needs.includes('write'));
    expect(actions.includes('ssm:GetParameter')).toBe(needs.includes('seal') || needs.includes('make-key'));
    expect(actions.includes('ssm:PutParameter')).toBe(needs.includes('make-key'));
    expect(actions.includes('dynamodb:PartiQLInsert')).toBe(needs.includes('keep-audit'));
    expect(actions.includes('s3:PutObject')).toBe(needs.includes('begin-upload'));
    expect(actions.includes('s3:GetObject')).toBe(needs.includes('take-upload'));
    expect(actions.includes('s3:DeleteObject')).toBe(needs.includes('take-upload'));
    const never = /Scan|PartiQL(?!Insert)|BatchWrite|DeleteTable|CreateLogGroup|kms:/;
    expect(actions.filter((action) => never.test(action))).toEqual([]);
  });

  it('I11 let no function change, overwrite or delete an item of the audit', () => {
    const writing = /^dynamodb:(PutItem|UpdateItem|DeleteItem|BatchWriteItem|PartiQLUpdate|PartiQLDelete)$/;
    const writers = roles.filter((each) => allowed(each).some((action) => writing.test(action)));
    expect(writers.length).toBeGreaterThan(2);
    for (const role of writers) {
      const [denial, ...others] = statementsOf(role).filter(({ Effect }) => Effect === 'Deny');
      expect(others).toEqual([]);
      expect(denial?.Condition).toEqual({ 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['AUDIT#*'] } });
      const denied = many(denial?.Action ?? []);
      for (const action of allowed(role).filter((each) => writing.test(each))) expect(denied).toContain(action);
      expect(denied).toEqual(expect.arrayContaining(['dynamodb:PartiQLUpdate', 'dynamodb:PartiQLDelete']));
    }
  });

  it('I11 let deliver-outbox alone add to the audit, by PartiQL’s INSERT, which never overwrites, and only there', () => {
    const inserting = roles.flatMap((role) =>
      statementsOf(role)
        .filter(({ Action }) => many(Action).includes('dynamodb:PartiQLInsert'))
        .map((statement) => ({ role, statement })),
    );
    expect(inserting).toEqual([
      {
        role: roleOf('deliver-outbox'),
        statement: expect.objectContaining({
          Effect: 'Allow',
          Action: 'dynamodb:PartiQLInsert',
          Condition: {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['AUDIT#*'] },
            Null: { 'dynamodb:LeadingKeys': 'false' },
          },
        }),
      },
    ]);
  });

  it('K7 let uploads be made, fetched and removed below their prefix alone, never listed; and tell the bucket to nobody else', () => {
    const statements = roles
      .flatMap(statementsOf)
      .filter(({ Action }) => many(Action).some((each) => /^s3:/.test(each)));
    expect(statements).toHaveLength(2);
    for (const statement of statements)
      expect(patterns([statement])).toEqual([expect.stringMatching(/^\{Uploads\w+\.Arn\}\/uploads\/\*$/)]);
    for (const { id, needs } of entries) {
      const [handler] = ofType(stack, 'AWS::Lambda::Function').filter(
        ({ Properties }) => Properties.FunctionName === `roster-acme_${id}`,
      );
      const uses = needs.includes('begin-upload') || needs.includes('take-upload');
      expect('UPLOADS_BUCKET' in (handler?.Properties.Environment.Variables ?? {})).toBe(uses);
    }
  });

  it('let only the stream’s consumers read it', () => {
    const readers = roles.filter((role) => allowed(role).includes('dynamodb:GetRecords'));
    const consumers = (reactions as readonly Reaction[]).filter(({ on }) => on.from === 'stream');
    // Which role was made first tells nothing.
    expect(new Set(readers)).toEqual(new Set(consumers.map(({ id }) => roleOf(id))));
  });

  it('tell the seal keys’ place only to functions that seal', () => {
    for (const { id, needs } of entries) {
      const [handler] = ofType(stack, 'AWS::Lambda::Function').filter(
        ({ Properties }) => Properties.FunctionName === `roster-acme_${id}`,
      );
      const { SEAL_KEYS_PARAMETER } = handler?.Properties.Environment.Variables ?? {};
      const seals = needs.includes('seal') || needs.includes('make-key');
      expect(SEAL_KEYS_PARAMETER).toBe(seals ? '/roster/acme/seal-keys' : undefined);
    }
  });

  it('end at the stack: a tenant’s names are no other tenant’s', () => {
    const names = (from: typeof stack) =>
      from.resources.flatMap(({ Properties: p, Type }) =>
        [
          p?.FunctionName,
          p?.LogGroupName,
          p?.QueueName,
          p?.TopicName,
          p?.AlarmName,
          p?.DashboardName,
          p?.Name,
          p?.EmailIdentity,
        ]
          .filter((name) => typeof name === 'string' && Type !== 'AWS::Scheduler::Schedule')
          .map((name) => `${Type} ${name}`),
      );
    expect(names(stack).length).toBeGreaterThan(60);
    expect(names(stack).filter((name) => names(neighbor).includes(name))).toEqual([]);
  });
});
