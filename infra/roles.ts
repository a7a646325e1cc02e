// The roles that functions run in. Operations of equal needs share one; whoever reads the stream or has a dead-letter queue has its own.

import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Need } from '#contract/operation.ts';
import { type Granted, logStatement, sendTo, statementsFor, streamStatements } from './grants.ts';
import { pascal } from './names.ts';

export interface RoleRequest {
  id: string;
  needs: readonly Need[];
  readsStream: boolean;
  deadLetters: sqs.IQueue | undefined;
}

export class Roles {
  readonly #scope: Construct;
  readonly #granted: Granted;
  readonly #made = new Map<string, iam.IRole>();

  constructor(scope: Construct, granted: Granted) {
    this.#scope = scope;
    this.#granted = granted;
  }

  /** The role for one function. Nothing can be added to it later: what it may do is read here, in one policy. */
  for(request: RoleRequest): iam.IRole {
    const name = roleName(request);
    const made = this.#made.get(name) ?? this.#make(name, request);
    this.#made.set(name, made);
    return made;
  }

  #make(name: string, { needs, readsStream, deadLetters }: RoleRequest): iam.IRole {
    const statements = [
      logStatement(this.#granted),
      ...needs.flatMap((need) => statementsFor(need, this.#granted)),
      ...(readsStream ? streamStatements(this.#granted) : []),
      ...(deadLetters ? [sendTo(deadLetters.queueArn)] : []),
    ];
    const role = new iam.Role(this.#scope, `${name}Role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      // Inline, so that no function can start in a role whose policy is still on its way.
      inlinePolicies: { needs: new iam.PolicyDocument({ statements }) },
    });
    return role.withoutPolicyUpdates();
  }
}

function roleName({ id, needs, readsStream, deadLetters }: RoleRequest): string {
  if (readsStream || deadLetters) return pascal(id);
  // Hashing and decoding take a processor, not a grant.
  const granted = [...needs].filter((need) => need !== 'hash' && need !== 'decode').sort();
  return granted.length > 0 ? granted.map(pascal).join('') : 'LogOnly';
}
