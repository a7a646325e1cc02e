// The closed catalogue of problems: every refusal that Roster can answer, with its status and its title.
// Clients switch on the code, never on the text. A code that no operation uses, or that is not here, fails a test.

/** Code → HTTP status and title (RFC 9457). The detail is said where the problem is thrown. */
export const problemCatalogue = {
  malformed_json: { status: 400, title: 'The body is not JSON' },
  invalid_cursor: { status: 400, title: 'The cursor does not belong to this list' },
  not_signed_in: { status: 401, title: 'Sign in first' },
  invalid_credentials: { status: 401, title: 'Login or password is wrong' },
  challenge_over: { status: 401, title: 'This sign-in is over; start again' },
  wrong_code: { status: 401, title: 'The code is wrong' },
  code_used_up: { status: 401, title: 'The code had too many wrong tries' },
  code_expired: { status: 401, title: 'The code has expired' },
  not_permitted: { status: 403, title: 'You may not do this' },
  grants_too_much: { status: 403, title: 'Nobody grants more than they hold' },
  outranked: { status: 403, title: 'This user holds more than you' },
  wrong_password: { status: 403, title: 'The current password is wrong' },
  session_needed: { status: 403, title: 'An API token may not do this' },
  token_needed: { status: 403, title: 'Only an API token may do this' },
  reauthentication_needed: { status: 403, title: 'Prove again who you are' },
  network_not_allowed: { status: 403, title: 'Not from this network' },
  not_found: { status: 404, title: 'There is nothing at this path' },
  user_not_found: { status: 404, title: 'There is no such user' },
  record_not_found: { status: 404, title: 'There is no such record' },
  token_not_found: { status: 404, title: 'There is no such API token' },
  license_not_found: { status: 404, title: 'There is no such license' },
  deleted_user_not_found: { status: 404, title: 'There is no such deleted user' },
  extension_not_found: { status: 404, title: 'Nobody has this extension' },
  work_not_found: { status: 404, title: 'There is no such work' },
  plan_not_found: { status: 404, title: 'There is no such plan' },
  job_not_found: { status: 404, title: 'There is no such job' },
  session_not_found: { status: 404, title: 'There is no such session' },
  picture_not_found: { status: 404, title: 'There is no picture to show' },
  method_not_allowed: { status: 405, title: 'This path does not know that method' },
  login_taken: { status: 409, title: 'The login is taken' },
  email_taken: { status: 409, title: 'The authentication email is taken' },
  mobile_taken: { status: 409, title: 'The mobile number is taken' },
  license_exhausted: { status: 409, title: 'No seat is free' },
  licenses_moving: { status: 409, title: 'Another change of licenses is under way' },
  seats_in_use: { status: 409, title: 'More seats are used' },
  too_many_sessions: { status: 409, title: 'There are as many sessions as there may be' },
  too_many_tokens: { status: 409, title: 'There are as many API tokens as there can be' },
  token_known: { status: 409, title: 'This token is known already' },
  authenticator_not_open: { status: 409, title: 'An authenticator is not this user’s second factor' },
  authenticator_present: { status: 409, title: 'An authenticator is set up already' },
  authenticator_absent: { status: 409, title: 'No authenticator is set up' },
  sip_username_taken: { status: 409, title: 'The SIP account is taken' },
  number_taken: { status: 409, title: 'The number is taken' },
  prefix_taken: { status: 409, title: 'Other caller IDs have the prefix' },
  forwarding_loop: { status: 409, title: 'Calls would go round in circles' },
  device_taken: { status: 409, title: 'Somebody is logged in to the device' },
  static_login: { status: 409, title: 'The login is static' },
  no_queues: { status: 409, title: 'There is no queue to log on to' },
  not_logged_on: { status: 409, title: 'The user is not logged on' },
  activities_open: { status: 409, title: 'Activities are open' },
  wrong_type: { status: 409, title: 'The type of user has nothing of this' },
  already_in_user_group: { status: 409, title: 'The user is in this user group' },
  logged_on_to_queue: { status: 409, title: 'The user is logged on to a queue' },
  blockers_stand: { status: 409, title: 'Something stands against it' },
  not_deactivated: { status: 409, title: 'The user is not deactivated' },
  user_deactivated: { status: 409, title: 'The user is deactivated' },
  plan_not_ready: { status: 409, title: 'The plan is not ready' },
  already_deactivated: { status: 409, title: 'The user is already deactivated' },
  not_invitable: { status: 409, title: 'This user cannot be invited' },
  user_signed_in: { status: 409, title: 'The user is signed in' },
  record_in_use: { status: 409, title: 'Users have it' },
  too_many_records: { status: 409, title: 'There are as many as there can be' },
  would_lose_own_permission: { status: 409, title: 'You would lose a permission of your own' },
  would_lock_yourself_out: { status: 409, title: 'You would lock yourself out' },
  caller_changed: { status: 409, title: 'What you may do has just changed' },
  last_superuser: { status: 409, title: 'The last active SuperUser stays' },
  link_over: { status: 410, title: 'The link or code was used, replaced or has expired' },
  verification_over: { status: 410, title: 'The verification is over; start again' },
  plan_over: { status: 410, title: 'The plan is over' },
  version_stale: { status: 412, title: 'Somebody changed it meanwhile' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is of another type than is read here' },
  invalid_input: { status: 422, title: 'The input is not valid' },
  password_refused: { status: 422, title: 'The password does not meet the policy' },
  token_value_in_title: { status: 422, title: 'The title holds the value of a token' },
  prerequisites_missing: { status: 422, title: 'Something it refers to does not exist' },
  name_taken: { status: 422, title: 'The name is taken' },
  range_too_long: { status: 422, title: 'The time range is reversed or too long' },
  settings_contradict: { status: 422, title: 'These settings contradict each other' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  version_missing: { status: 428, title: 'If-Match is missing' },
  too_many_attempts: { status: 429, title: 'Too many failed attempts' },
  too_many_codes: { status: 429, title: 'Too many codes were sent' },
  resend_too_soon: { status: 429, title: 'Wait before asking for another code' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  try_again: { status: 503, title: 'Busy; try again' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problemCatalogue;

/** What went wrong with one value of the request: a JSON pointer into it, and the remedy in words. */
export interface FieldError {
  pointer: string;
  detail: string;
}

export interface ProblemFacts {
  /** What happened and what would lift it; safe to show to the caller. */
  detail?: string;
  errors?: FieldError[];
  /** The rule behind the refusal, by its requirement id, such as `S0-9` or `C2`. */
  rule?: string;
  /** The value that decided it. */
  because?: unknown;
  /** What would lift it. */
  remedy?: string;
  /** Seconds until it is worth trying again; becomes Retry-After. */
  retryAfterSeconds?: number;
  /** Further members of the answer, for example `attemptsLeft` or `current`. */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/** An expected refusal. Thrown by rules and stores, turned into `application/problem+json` in one place (serve). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;

  constructor(code: ProblemCode, facts: ProblemFacts = {}) {
    super(facts.detail ?? problemCatalogue[code].title, { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }

  get status(): number {
    return problemCatalogue[this.code].status;
  }
}
