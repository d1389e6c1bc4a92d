/** A number as a sentence has it, the file that decides it, and the line there: who changes one sees the other. */
type DocumentedNumber = [sentence: string, file: string, code: string];

const gateway = (file: string) => `apps/gateway/src/${file}`;
const REVOKED = gateway('auth/sessions/revoked-sessions.service.ts');
const BUS = 'libs/messaging/src/requests/bus.client.ts';
const ORPHANS = 'apps/media/src/orphans/orphans.service.ts';

/** The numbers in sentences of each page. */
export const documentedNumbers: Record<string, DocumentedNumber[]> = {
  'docs/limits.md': [
    ['twenty times a second', gateway('limits/points.service.ts'), 'SHARE_AFTER_MS = 50;'],
    ['in the last 30 days', gateway('auth/limits/attempts.cache.ts'), 'KNOWN_SECONDS = 30 * 24 * 60 * 60;'],
    ['After 5 wrong codes', 'apps/user/src/second-factor/second-factor.rules.ts', 'TRIES = 5;'],
    ['for 15 minutes', 'apps/user/src/second-factor/second-factor.rules.ts', 'BLOCK_MS = 15 * 60 * 1_000;'],
    ['closed with 4430', gateway('sockets/connection.ts'), 'tooManySockets: 4430'],
    ['ends with 4431', gateway('sockets/connection.ts'), 'idle: 4431'],
    ['closed with 4413', gateway('sockets/connection.ts'), 'slowReader: 4413'],
    ['closed with 1013', gateway('sockets/connection.ts'), 'tryAgainLater: 1013'],
    ['128 requests at a time', 'libs/messaging/src/requests/intake.ts', 'inFlight: 128,'],
    ['256 that wait', 'libs/messaging/src/requests/intake.ts', 'waiting: 256,'],
    ['2 s for a read and 5 s for a change', BUS, 'query: 2_000, command: 5_000'],
    ['three quarters of the time that is left', BUS, 'SHARE_OF_NESTED_CALL = 0.75;'],
    ['(authors, pictures, counts) half of it', gateway('api/context/request-context.ts'), 'SHARE_OF_PART = 0.5;'],
  ],
  'docs/privacy.md': [['for one to two hours', 'apps/media/src/storage/presign.rules.ts', 'EXPIRES_SECONDS = 7_200;']],
  'docs/security.md': [
    ['| 8000 (`PORT`)', gateway('config.ts'), 'PORT: port(8000)'],
    ['| 9090 (`OPERATOR_PORT`)', 'libs/service-kit/src/config.ts', 'OPERATOR_PORT: port(9090)'],
    ['9090 to 9094', 'tools/stack/start.mjs', 'gateway: 9090, user: 9091, post: 9092, media: 9093, notification: 9094'],
    ['form of an upload | 5 minutes', 'apps/media/src/uploads/uploads.service.ts', 'FORM_TTL_MS = 5 * 60_000;'],
    ['removed an hour after createMediaUpload', ORPHANS, 'ABANDONED_AFTER_MS = HOUR_MS;'],
    ['removed 24 hours after it was READY', ORPHANS, 'UNCLAIMED_AFTER_MS = 24 * HOUR_MS;'],
    ['one to two hours', 'apps/media/src/storage/presign.rules.ts', 'EXPIRES_SECONDS = 7_200;'],
    ['what is over 8 kB is compressed outside', gateway('http/compression.ts'), 'syncThreshold: 8 * 1_024,'],
    ['fewer than 16 characters', 'libs/service-kit/src/production-checks.ts', 'MIN_SECRET_LENGTH = 16;'],
    ['ends with status 78', 'libs/service-kit/src/bootstrap.ts', 'process.exit(78)'],
    [
      'access token is good | 1 hour at most',
      'libs/contracts/user/src/session.rpc.ts',
      'ACCESS_TOKEN_LIFE_MS = 60 * 60 * 1_000;',
    ],
    [
      'revocation is stored | 2 hours',
      'apps/user/src/sessions/session-retention.service.ts',
      'REVOCATIONS_MS = 2 * ACCESS_TOKEN_LIFE_MS;',
    ],
    ['from the record every 2 seconds', REVOKED, 'POLL_INTERVAL_MS = 2_000;'],
    ['one gateway remembers | 200,000', REVOKED, 'MAX_REMEMBERED = 200_000;'],
    ['a tick of half a second', gateway('auth/limits/limits.rules.ts'), 'TICK_MS = 500;'],
    ['30 an hour for an address', gateway('auth/limits/limits.rules.ts'), "limit('sign-up', 'address', 30, HOUR"],
    ['10 for a user', gateway('auth/limits/limits.rules.ts'), "limit('email-change', 'account', 10, HOUR"],
  ],
};
