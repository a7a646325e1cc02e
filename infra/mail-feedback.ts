// Reaction to bounces and complaints: SES tells the default bus, a rule picks what this tenant's mails caused.

import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';
import { consumeEvents, type EventConsumer } from './event-rule.ts';

export interface FeedbackConsumer extends EventConsumer {
  configurationSetName: string;
}

export function consumeMailFeedback(scope: Construct, tenant: TenantFile, consumer: FeedbackConsumer): void {
  consumeEvents(scope, tenant, consumer, {
    description: 'Bounces and complaints about mails of this tenant',
    source: 'aws.ses',
    types: ['Email Bounced', 'Email Complaint Received'],
    detail: { mail: { tags: { 'ses:configuration-set': [consumer.configurationSetName] } } },
  });
}
