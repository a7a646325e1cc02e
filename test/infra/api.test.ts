// The gateway of a deployed tenant: what reaches which function, from where, how often.

import { operationList } from '#contract/operations.ts';
import acme from '#tenants/acme.ts';
import { ofType, synthesize, written } from './synthesize.ts';

const stack = synthesize(acme);
const functions = ofType(stack, 'AWS::Lambda::Function').map(({ Properties }) => Properties);
const routes = ofType(stack, 'AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties);

/** Logical id of the function that a route leads to, by its integration, within the route's own template. */
function handlerOf(routeKey: string): string | undefined {
  for (const { Resources } of stack.templates.values()) {
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::ApiGatewayV2::Route' || Properties.RouteKey !== routeKey) continue;
      const integration = Resources[written(Properties.Target).replace(/^integrations\/\{(.*)\}$/, '$1')]?.Properties;
      const handler = Resources[integration.IntegrationUri['Fn::GetAtt'][0]]?.Properties;
      return handler.FunctionName;
    }
  }
  return undefined;
}

describe('API of a deployed tenant', () => {
  it.each(operationList.map((operation) => [operation.id, operation] as const))(
    '%s has one function, and one route that leads to it',
    (id, { method, path }) => {
      const key = `${method} /v1${path}`;
      expect(functions.filter(({ FunctionName }) => FunctionName === `roster-acme_${id}`)).toHaveLength(1);
      expect(routes.filter(({ RouteKey }) => RouteKey === key)).toHaveLength(1);
      expect(handlerOf(key)).toBe(`roster-acme_${id}`);
    },
  );

  it('has no route beside the operations but the one that answers everything else', () => {
    expect(routes).toHaveLength(operationList.length + 1);
    expect(handlerOf('$default')).toBe('roster-acme_answer-unmatched');
  });

  it('stays below the 300 routes that an API may have', () => {
    expect(routes.length).toBeLessThan(300);
  });

  it('lets browsers call from the public URL’s exact origin only', () => {
    const [api] = ofType(stack, 'AWS::ApiGatewayV2::Api');
    expect(api?.Properties.CorsConfiguration.AllowOrigins).toEqual(['https://users.acme.example']);
    for (const { method } of operationList) expect(api?.Properties.CorsConfiguration.AllowMethods).toContain(method);
  });

  it('throttles, and logs each request as JSON without path, query or headers', () => {
    const [stage] = ofType(stack, 'AWS::ApiGatewayV2::Stage');
    expect(stage?.Properties.DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThan(0);
    const format: string = stage?.Properties.AccessLogSettings.Format;
    expect(Object.keys(JSON.parse(format))).toEqual(expect.arrayContaining(['requestId', 'route', 'status', 'ip']));
    expect(format).not.toMatch(/context\.path|queryString|header|authorizer/i);
  });

  it('gives hashing operations a whole processor, and every operation less time than the gateway has', () => {
    for (const { id, needs } of operationList) {
      const handler = functions.find(({ FunctionName }) => FunctionName === `roster-acme_${id}`);
      expect(handler.MemorySize).toBe(needs.includes('hash') ? 1769 : 512);
      expect(handler.Timeout).toBeLessThan(30);
    }
  });

  it('runs our functions on arm64 and Node 24, each told its table and tenant', () => {
    for (const handler of functions.filter(({ FunctionName }) => FunctionName)) {
      expect(handler).toMatchObject({ Architectures: ['arm64'], Runtime: 'nodejs24.x', Handler: 'index.handler' });
      expect(handler.Environment.Variables).toMatchObject({ TENANT_NAME: 'acme', TABLE_NAME: expect.anything() });
    }
  });
});
