// Where pictures are uploaded to: a bucket that nobody reaches but by a signed form, and whose contents live a day at most.
// Checked pictures stand in the table; what is in here is only on its way there.

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';
import { consumeEvents, type EventConsumer } from './event-rule.ts';

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

export interface UploadConsumer extends EventConsumer {
  bucketName: string;
}

/** S3 tells the default bus, so that bucket and function need not know each other over two stacks. */
export function consumeUploads(scope: Construct, tenant: TenantFile, consumer: UploadConsumer): void {
  consumeEvents(scope, tenant, consumer, {
    description: 'Files that were uploaded to this tenant',
    source: 'aws.s3',
    types: ['Object Created'],
    detail: { bucket: { name: [consumer.bucketName] }, object: { key: [{ prefix: PREFIX }] } },
  });
}
