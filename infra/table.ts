// The tenant's table, from the schema that tests and the local tenant use too. It must outlive every mistake with the stack.

import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { tableSchema } from '#table/schema.ts';

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });

/** DynamoDB accepts one new or removed index in each deploy of an existing table. */
export function makeTable(scope: Construct): dynamodb.Table {
  // No tableName: a retained table must not stand in the way when a stack is made anew.
  const table = new dynamodb.Table(scope, 'Table', {
    partitionKey: text(tableSchema.partitionKey),
    sortKey: text(tableSchema.sortKey),
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    stream: dynamodb.StreamViewType[tableSchema.streamView],
    timeToLiveAttribute: tableSchema.ttlAttribute,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    // A key of one's own costs by the month and by the request, and seals nothing that we don't seal ourselves.
    encryption: dynamodb.TableEncryption.DEFAULT,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  for (const index of tableSchema.indexes) {
    table.addGlobalSecondaryIndex({
      indexName: index.name,
      partitionKey: text(index.partitionKey),
      sortKey: text(index.sortKey),
      projectionType: dynamodb.ProjectionType[index.projection],
      ...(index.attributes.length > 0 && { nonKeyAttributes: [...index.attributes] }),
    });
  }
  return table;
}
