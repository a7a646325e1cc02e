import { createHash } from 'node:crypto';
import { passwordPageAt } from '#console/password-page.ts';
import { handler } from '#functions/tenant/answer-unmatched.ts';
import { eventFor, lambdaContext } from '#test/setup/tenant.ts';

const page = passwordPageAt('/invite') as { body: string; contentSecurityPolicy: string };
const inTag = (tag: string) => new RegExp(`<${tag}>([\\s\\S]*)</${tag}>`).exec(page.body)?.[1] as string;

describe('S3-7 G10 the page that links in mails lead to', () => {
  it('stands where invites and resets point to, and nowhere else', () => {
    expect(passwordPageAt('/password-reset')).toEqual(page);
    for (const path of ['/', '/invite/', '/invites', '/__proto__', '/v1/invite'])
      expect(passwordPageAt(path)).toBeUndefined();
  });

  it('runs only its own script and style, which its policy names by hash', () => {
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(page.contentSecurityPolicy).toContain(`script-src ${hash(inTag('script'))};`);
    expect(page.contentSecurityPolicy).toContain(`style-src ${hash(inTag('style'))};`);
    expect(page.contentSecurityPolicy).not.toContain('unsafe');
    expect(page.body).not.toMatch(/\son\w+=|style="|src=|href=/);
  });

  it('posts to the operations, and its script is one that parses', () => {
    const script = inTag('script');
    expect(() => new Function(script)).not.toThrow();
    expect(script).toContain('"/v1/invites/accept"');
    expect(script).toContain('"/v1/password-resets/complete"');
  });

  it('is answered as HTML with the security headers', async () => {
    const event = eventFor('get-health', {});
    const answer = await handler({ ...event, rawPath: '/invite' } as never, lambdaContext);
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': page.contentSecurityPolicy,
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      },
    });
  });
});
