import { defaultProvider } from '#build/lambda-credentials.ts';

const before = { ...process.env };

afterEach(() => {
  process.env = { ...before };
});

describe('credentials inside a bundle', () => {
  it('are what the environment says at each refresh', async () => {
    const provide = defaultProvider();
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' });
    expect(await provide()).toEqual({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' });
    delete process.env.AWS_SESSION_TOKEN;
    process.env.AWS_ACCESS_KEY_ID = 'd';
    expect(await provide()).toEqual({ accessKeyId: 'd', secretAccessKey: 'b' });
  });

  it('say which variables are missing', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    await expect(defaultProvider()()).rejects.toThrow('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
  });
});
