// Where DynamoDB is, in the bundles: at the endpoint that was configured, or the region's own. The SDK decides it by a table of all
// services' rules (ARNs, accounts, FIPS, dual stack), of which a function uses nothing else. 13 kB in every function.

interface Parameters {
  Region?: string;
  Endpoint?: string;
}

interface Endpoint {
  url: URL;
  properties: Record<string, never>;
  headers: Record<string, never>;
}

export function defaultEndpointResolver(parameters: Parameters): Endpoint {
  return { url: urlOf(parameters), properties: {}, headers: {} };
}

function urlOf({ Region: region, Endpoint: endpoint }: Parameters): URL {
  if (endpoint !== undefined) return new URL(endpoint);
  if (region === undefined) throw new Error('There is neither a region nor an endpoint of DynamoDB');
  return new URL(`https://dynamodb.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`);
}
