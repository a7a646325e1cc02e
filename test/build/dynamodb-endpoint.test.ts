import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defaultEndpointResolver } from '#build/dynamodb-endpoint.ts';

const client = dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-dynamodb/package.json'));
const ofTheSdk = await import(pathToFileURL(join(client, 'dist-es/endpoint/endpointResolver.js')).href);

describe('where the bundles look for DynamoDB', () => {
  it.each(['eu-central-1', 'us-east-1', 'ap-southeast-5', 'us-gov-west-1', 'cn-north-1', 'cn-northwest-1'])(
    'is where the SDK does, in %s',
    (Region) => {
      const { url, headers } = ofTheSdk.defaultEndpointResolver({ Region, UseFIPS: false, UseDualStack: false });
      expect(defaultEndpointResolver({ Region })).toMatchObject({ url, headers: headers ?? {} });
    },
  );

  it('is the endpoint that was configured', () => {
    const Endpoint = 'http://127.0.0.1:8000';
    const given = { Region: 'eu-central-1', Endpoint, UseFIPS: false, UseDualStack: false };
    expect(defaultEndpointResolver(given).url).toEqual(ofTheSdk.defaultEndpointResolver(given).url);
  });

  it('is nowhere without either', () => {
    expect(() => defaultEndpointResolver({})).toThrow('neither a region nor an endpoint');
  });
});
