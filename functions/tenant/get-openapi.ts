// This API as OpenAPI, derived from the list of operations.

import { tenant } from '#contract/tenant.ts';
import { openApiDocument } from '#serve/openapi.ts';
import { serve } from '#serve/serve.ts';

let made: ReturnType<typeof openApiDocument> | undefined;

export const handler = serve(tenant['get-openapi'], async () => {
  made ??= openApiDocument();
  return { ...made };
});
