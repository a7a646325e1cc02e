// The tenant's HTTP API: CORS, throttling, access logs, and the one role by which it may call this tenant's functions.

import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as gateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Method, Operation } from '#contract/operation.ts';
import { apiPrefix, operationList } from '#contract/operations.ts';
import type { TenantFile } from '#contract/tenant-file.ts';
import { makeLogGroup } from './log-group.ts';
import { ownName, pascal, stackName } from './names.ts';

/** Requests a second of a whole tenant: far above an office at nine o'clock, far below the account's share of Lambda. */
const THROTTLE = { rateLimit: 200, burstLimit: 400 };

/** No path, query or header: names, addresses and tokens have no place in this log. The route tells enough. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    time: '$context.requestTimeEpoch',
    requestId: '$context.requestId',
    route: '$context.routeKey',
    status: '$context.status',
    ms: '$context.responseLatency',
    functionMs: '$context.integrationLatency',
    bytes: '$context.responseLength',
    ip: '$context.identity.sourceIp',
    error: '$context.integrationErrorMessage',
  }),
);

export interface Api {
  gateway: gateway.HttpApi;
  /** What integrations call functions with; one role instead of a permission for each function. */
  callerRole: iam.IRole;
}

export function makeApi(scope: Construct, tenant: TenantFile): Api {
  const api = new gateway.HttpApi(scope, 'Api', {
    apiName: stackName(tenant),
    createDefaultStage: false,
    corsPreflight: {
      allowOrigins: [new URL(tenant.publicUrl).origin],
      allowMethods: [...new Set(operationList.map(({ method }) => gateway.CorsHttpMethod[method]))],
      allowHeaders: ['authorization', 'content-type', 'if-match', 'idempotency-key'],
      exposeHeaders: ['content-disposition', 'etag', 'link', 'location', 'retry-after', 'www-authenticate'],
    },
  });
  new gateway.HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: THROTTLE,
    accessLogSettings: {
      // Under this prefix API Gateway doesn't add each group to the account's log policy, which is small.
      destination: new gateway.LogGroupLogDestination(
        makeLogGroup(scope, 'AccessLog', `/aws/vendedlogs/apigateway/${stackName(tenant)}`),
      ),
      format: accessLogFormat,
    },
  });
  const callerRole = new iam.Role(scope, 'ApiCallerRole', {
    description: 'API Gateway calls the functions of this tenant',
    assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
    inlinePolicies: {
      call: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            actions: ['lambda:InvokeFunction'],
            resources: [
              Stack.of(scope).formatArn({
                service: 'lambda',
                resource: 'function',
                resourceName: ownName(tenant, '*'),
                arnFormat: ArnFormat.COLON_RESOURCE_NAME,
              }),
            ],
          }),
        ],
      }),
    },
  });
  return { gateway: api, callerRole: callerRole.withoutPolicyUpdates() };
}

/** Route, integration and nothing else: what calls the operation's function. */
export function routeOperation(scope: Construct, api: Api, operation: Operation, handler: lambda.IFunction): void {
  addRoute(scope, api, operation.id, routeKey(operation), handler);
}

/** Whatever no operation answers comes here, so that even a 404 is problem+json. */
export function routeEverythingElse(scope: Construct, api: Api, id: string, handler: lambda.IFunction): void {
  addRoute(scope, api, id, '$default', handler);
}

export function routeKey({ method, path }: { method: Method; path: string }): string {
  return `${method} ${apiPrefix}${path}`;
}

// L1: the L2 route would add an AWS::Lambda::Permission for each function.
function addRoute(scope: Construct, api: Api, id: string, key: string, handler: lambda.IFunction): void {
  const integration = new gateway.CfnIntegration(scope, `${pascal(id)}Integration`, {
    apiId: api.gateway.apiId,
    integrationType: 'AWS_PROXY',
    integrationUri: handler.functionArn,
    payloadFormatVersion: '2.0',
    credentialsArn: api.callerRole.roleArn,
  });
  new gateway.CfnRoute(scope, `${pascal(id)}Route`, {
    apiId: api.gateway.apiId,
    routeKey: key,
    target: `integrations/${integration.ref}`,
  });
}
