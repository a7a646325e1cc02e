import { operationList } from '#contract/operations.ts';
import { routesOf } from '#local/routes.ts';

const match = routesOf([
  { id: 'list-users', method: 'GET', path: '/users' },
  { id: 'get-user', method: 'GET', path: '/users/{userId}' },
  { id: 'change-user', method: 'PATCH', path: '/users/{userId}' },
  { id: 'plan-user', method: 'POST', path: '/users/plan' },
  { id: 'get-plans', method: 'GET', path: '/users/plan/all' },
  { id: 'list-tokens', method: 'GET', path: '/users/{userId}/tokens' },
  { id: 'get-token', method: 'GET', path: '/users/{userId}/tokens/{tokenId}' },
]);

describe('routes of the local gateway', () => {
  it('prefers a literal segment over a parameter', () => {
    expect(match('POST', '/v1/users/plan')?.id).toBe('plan-user');
    expect(match('GET', '/v1/users/plan/all')?.id).toBe('get-plans');
  });

  it('steps back to the parameter when the literal branch has no such method or rest', () => {
    expect(match('GET', '/v1/users/plan')).toEqual({
      id: 'get-user',
      routeKey: 'GET /v1/users/{userId}',
      pathParameters: { userId: 'plan' },
    });
    expect(match('GET', '/v1/users/plan/tokens')?.pathParameters).toEqual({ userId: 'plan' });
  });

  it('decodes each parameter by itself, so that an escaped slash stays inside its segment', () => {
    expect(match('GET', '/v1/users/a%2Fb%20%C3%A9/tokens/t%25')?.pathParameters).toEqual({
      userId: 'a/b é',
      tokenId: 't%',
    });
  });

  it.each([
    ['another method', 'DELETE', '/v1/users'],
    ['a slash at the end', 'GET', '/v1/users/'],
    ['a path without the prefix', 'GET', '/users'],
    ['a longer path', 'GET', '/v1/users/u/tokens/t/more'],
    ['an object’s own names', 'GET', '/v1/__proto__'],
  ])('knows no route for %s', (_, method, path) => {
    expect(match(method, path)).toBeUndefined();
  });

  it('finds every operation of the list at its own path', () => {
    const real = routesOf(operationList);
    for (const { id, method, path } of operationList) {
      expect(real(method, `/v1${path.replaceAll(/\{.+?\}/g, 'x')}`)?.id).toBe(id);
    }
  });
});
