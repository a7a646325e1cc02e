// What a peer needs for the same, as measured in one run with Roster: server and all its threads on one vCPU, one request in
// flight, 2,000 users, November 2026. Of another day and machine state than the figures of this run: read them as ratios.

export interface PeerFigure {
  operation: string;
  rosterCpuMs: number;
  /** better-auth 1.7.25 with its own hash (scrypt), and with argon2id of 19 MiB and two passes; in SQLite inside its process. */
  betterAuthCpuMs: { scrypt: number; argon2id: number };
}

export const peerFigures: readonly PeerFigure[] = [
  { operation: 'sign-in by password', rosterCpuMs: 76.1, betterAuthCpuMs: { scrypt: 96.1, argon2id: 34.2 } },
  {
    operation: 'sign-in by password and authenticator',
    rosterCpuMs: 77.8,
    betterAuthCpuMs: { scrypt: 105.4, argon2id: 46.2 },
  },
];
