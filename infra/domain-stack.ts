// One nested stack a domain: its operations with their routes, and its reactions with what sets them off.
// Four resources an operation: a domain may have a hundred of them before CloudFormation's 500 resources are near.

import { Duration, NestedStack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Operation } from '#contract/operation.ts';
import { operationList } from '#contract/operations.ts';
import { type Reaction, reactions } from '#contract/reactions.ts';
import { type Api, routeEverythingElse, routeOperation } from './api.ts';
import type { DeadLetters } from './dead-letters.ts';
import { runOnDeploy } from './deploy-trigger.ts';
import { type FunctionSurroundings, makeFunction } from './functions.ts';
import { consumeMailFeedback } from './mail-feedback.ts';
import { pascal } from './names.ts';
import type { Roles } from './roles.ts';
import { runOnSchedule } from './schedules.ts';
import { consumeStream } from './streams.ts';
import { consumeUploads } from './uploads.ts';

const reactionList: readonly Reaction[] = reactions;

export const domains: readonly string[] = [...new Set([...operationList, ...reactionList].map(({ domain }) => domain))];

export interface DomainSurroundings extends FunctionSurroundings {
  table: dynamodb.Table;
  api: Api;
  roles: Roles;
  deadLetters: DeadLetters;
  schedules: scheduler.CfnScheduleGroup;
}

export class DomainStack extends NestedStack {
  readonly #surroundings: DomainSurroundings;

  constructor(scope: Construct, domain: string, surroundings: DomainSurroundings) {
    super(scope, `${pascal(domain)}Domain`, { description: `Roster for ${surroundings.tenant.name}: ${domain}` });
    this.#surroundings = surroundings;
    for (const operation of operationList.filter((each) => each.domain === domain)) this.#addOperation(operation);
    for (const reaction of reactionList.filter((each) => each.domain === domain)) this.#addReaction(reaction);
  }

  #addOperation(operation: Operation): void {
    const role = this.#surroundings.roles.for({ ...operation, readsStream: false, deadLetters: undefined });
    routeOperation(this, this.#surroundings.api, operation, makeFunction(this, operation, role, this.#surroundings));
  }

  #addReaction(reaction: Reaction): void {
    const deadLetters = this.#surroundings.deadLetters.get(reaction.id);
    const role = this.#surroundings.roles.for({ ...reaction, readsStream: reaction.on.from === 'stream', deadLetters });
    const handler = makeFunction(this, reaction, role, this.#surroundings);
    if (deadLetters) this.#setOffUnattended(reaction, handler, deadLetters);
    else if (reaction.on.from === 'deploy') runOnDeploy(this, reaction.id, handler);
    else routeEverythingElse(this, this.#surroundings.api, reaction.id, handler);
  }

  #setOffUnattended({ id, on }: Reaction, handler: lambda.Function, deadLetters: sqs.Queue): void {
    const { tenant, table, configurationSetName, uploadsBucketName, schedules: group } = this.#surroundings;
    if (on.from === 'stream') {
      consumeStream({ handler, table, part: on, deadLetters });
      return;
    }
    // Scheduler and EventBridge hand over and go; that the function failed is Lambda's to remember.
    handler.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(deadLetters),
    });
    if (on.from === 'schedule') runOnSchedule(this, { id, expression: on.expression, group, handler, deadLetters });
    if (on.from === 'mail-feedback')
      consumeMailFeedback(this, tenant, { id, configurationSetName, handler, deadLetters });
    if (on.from === 'upload') consumeUploads(this, tenant, { id, bucketName: uploadsBucketName, handler, deadLetters });
  }
}
