// CDK's own advice for a new project, as of the pinned version: app and tests take it, so that both make the same templates.

import { createRequire } from 'node:module';

export const recommendedFlags: Record<string, unknown> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);
