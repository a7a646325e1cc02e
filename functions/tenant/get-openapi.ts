// This API as OpenAPI: the committed document, which a check keeps equal to the list of operations.

import { tenant } from '#contract/tenant.ts';
import document from '#docs/openapi.json' with { type: 'json' };
import { serve } from '#serve/serve.ts';

export const handler = serve(tenant['get-openapi'], async () => ({ ...document }));
