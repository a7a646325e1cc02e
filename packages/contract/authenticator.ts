// What setting up an authenticator shows, once: the key for the app, and the recovery codes.

import * as z from 'zod';
import { instant } from './fields.ts';
import { once } from './once.ts';

/** What an authenticator app needs; shown while it is being set up and never again. */
export const authenticatorSetup = once(() =>
  z
    .object({
      uri: z.string().meta({ description: 'otpauth URI', example: 'otpauth://totp/…' }),
      key: z.string().meta({ description: 'The same key to be typed, base32' }),
      qrSvg: z.string().meta({ description: 'The URI as a QR code, SVG as a data URI' }),
      qrPng: z.string().meta({ description: 'The URI as a QR code, PNG as a data URI' }),
      expiresAt: instant().meta({ description: 'Until then it must be confirmed' }),
    })
    .meta({ id: 'AuthenticatorKey' }),
);

export const recoveryCodes = once(() =>
  z
    .array(z.string())
    .meta({ description: 'Ten codes, each good once, shown only here', example: ['ABCD-EFGH-2345-6767'] }),
);
