// Where pictures are uploaded to: a bucket that nobody reaches but by a signed form, and whose contents live a day at most.
// Checked pictures stand in the table; what is in here is only on its way there.

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';
import { ownName, pascal } from './names.ts';

/** As packages/domain/pictures/uploads.ts names objects. */
const PREFIX = 'uploads/';

export function makeUploadsBucket(scope: Construct, tenant: TenantFile): s3.Bucket {
  // No bucketName: names are one space for all of AWS, and a retained bucket must not stand in the way of a new stack.
  const bucket = new s3.Bucket(scope, 'Uploads', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [{ expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    cors: [
      {
        allowedOrigins: [new URL(tenant.publicUrl).origin],
        allowedMethods: [s3.HttpMethods.POST],
        allowedHeaders: [],
        maxAge: 3600,
      },
    ],
  });
  // L1: the L2 property would add a function of CDK's own that sets the notification.
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  return bucket;
}

/** What grants are about. */
export function uploadsArn(bucket: s3.IBucket): string {
  return bucket.arnForObjects(`${PREFIX}*`);
}

export interface UploadConsumer {
  id: string;
  bucketName: string;
  handler: lambda.IFunction;
  deadLetters: sqs.IQueue;
}

// As with mail feedback: S3 tells the default bus, so that bucket and function need not know each other over two stacks.
export function consumeUploads(scope: Construct, tenant: TenantFile, consumer: UploadConsumer): void {
  const { id, bucketName, handler, deadLetters } = consumer;
  const rule = new events.CfnRule(scope, `${pascal(id)}Rule`, {
    name: ownName(tenant, id),
    description: 'Files that were uploaded to this tenant',
    eventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [bucketName] }, object: { key: [{ prefix: PREFIX }] } },
    },
    targets: [
      {
        id,
        arn: handler.functionArn,
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
    ],
  });
  new lambda.CfnPermission(scope, `${pascal(id)}Permission`, {
    action: 'lambda:InvokeFunction',
    functionName: handler.functionName,
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
  });
}
