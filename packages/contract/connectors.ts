// The same decisions in formats of telephony platforms.

import * as z from 'zod';
import { domain } from './operation.ts';
import { trunkId } from './records.ts';

/** FreeSWITCH sends an empty value for what it has not. */
const field = (max = 256) => z.string().max(max).optional();

export const connectors = domain('connectors', {
  'answer-freeswitch': () => ({
    method: 'POST',
    path: '/routing/freeswitch',
    summary: 'What FreeSWITCH’s mod_xml_curl asks: directory and dialplan, as XML documents',
    caller: 'routing:read',
    token: true,
    basic: true,
    form: true,
    // What is set once for a switch, in its gateway-url.
    query: z.strictObject({
      trunk: trunkId()
        .optional()
        .meta({ description: 'Trunk that calls outside take, unless the call has the variable roster_trunk' }),
      context: z
        .string()
        .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be letters, digits, _ . or -')
        .default('default')
        .meta({ description: 'Context of the dialplan that the phones of users call in' }),
    }),
    // It sends all that it knows of a call; what is not asked for here is not looked at. Who has set a variable of a channel is
    // the directory or the dialplan; what a caller writes into SIP headers is not among these.
    body: z.object({
      section: field(64),
      tag_name: field(),
      key_name: field(),
      key_value: field(),
      key: field(),
      user: field(),
      domain: field(),
      action: field(64),
      purpose: field(64),
      'Caller-Context': field(),
      'Caller-Destination-Number': field(),
      'Hunt-Context': field(),
      'Hunt-Destination-Number': field(),
      variable_roster_user: field(),
      variable_roster_queue: field(),
      variable_roster_trunk: field(),
      variable_roster_last_user: field(),
      variable_roster_last_queue: field(),
      variable_roster_recording: field(),
    }),
    // A call of a channel with hundreds of variables, each value escaped threefold.
    bodyBytesMax: 128 * 1024,
    output: 'xml',
    status: 200,
    problems: ['user_not_found', 'record_not_found'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
});
