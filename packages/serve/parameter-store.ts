// Calls the SSM Parameter Store, signed with the signer that the DynamoDB client brings along.
// The SDK's SSM client would add 60 kB to each bundle for a single request.

import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';

const TIMEOUT_MS = 4000;
const TRIES = 3;

/** @throws Error with SSM's own error name as message, or the network's error after three tries */
export async function callParameterStore(
  action: 'GetParameter' | 'PutParameter',
  input: Record<string, unknown>,
): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      return await call(action, input);
    } catch (error) {
      if (error instanceof SsmRefusal || tries === TRIES) throw error;
    }
  }
}

async function call(action: string, input: Record<string, unknown>): Promise<unknown> {
  const { AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  const url = new URL(process.env.SSM_ENDPOINT ?? `https://ssm.${AWS_REGION}.amazonaws.com/`);
  const signer = new SignatureV4({
    service: 'ssm',
    region: AWS_REGION,
    sha256: Sha256,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
  const body = JSON.stringify(input);
  const { headers } = await signer.sign(
    new HttpRequest({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: '/',
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonSSM.${action}`,
      },
      body,
    }),
  );
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const answer = (await response.json()) as { __type?: string };
  if (response.status >= 500) throw new Error(`SSM answered ${response.status}`);
  if (!response.ok) throw new SsmRefusal(answer.__type?.split('#').pop() ?? `SSM answered ${response.status}`);
  return answer;
}

/** SSM understood and said no: repeating it is of no use. */
class SsmRefusal extends Error {
  override readonly name = 'SsmRefusal';
}
