// How the tenant sends: its domain at SES, and the set of rules that every mail goes out under.

import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as ses from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';
import { stackName } from './names.ts';

export interface Mail {
  identity: ses.EmailIdentity;
  configurationSetName: string;
  configurationSetArn: string;
}

export function makeMail(scope: Construct, tenant: TenantFile): Mail {
  const configurationSet = new ses.ConfigurationSet(scope, 'MailRules', {
    configurationSetName: stackName(tenant),
    reputationMetrics: true,
    // Codes and links are in these mails: rather none than one in clear.
    tlsPolicy: ses.ConfigurationSetTlsPolicy.REQUIRE,
    suppressionReasons: ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
  });
  configurationSet.addEventDestination('MailFeedback', {
    destination: ses.EventDestination.eventBus(events.EventBus.fromEventBusName(scope, 'DefaultBus', 'default')),
    events: [ses.EmailSendingEvent.BOUNCE, ses.EmailSendingEvent.COMPLAINT],
  });
  const identity = new ses.EmailIdentity(scope, 'MailIdentity', {
    identity: ses.Identity.domain(tenant.mail.identity),
    configurationSet,
  });
  const { configurationSetName } = configurationSet;
  const configurationSetArn = Stack.of(scope).formatArn({
    service: 'ses',
    resource: 'configuration-set',
    resourceName: configurationSetName,
  });
  return { identity, configurationSetName, configurationSetArn };
}
