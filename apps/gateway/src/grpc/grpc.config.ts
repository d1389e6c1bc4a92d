import { valuesOf } from '../limits/bounds.js';

/** What one gateway process takes from other back ends; docs/limits.md shows it. */
export const grpcBounds = {
  messageBytes: {
    value: 512 * 1_024,
    because: 'More than ten thousand ids: who sends too many gets an error that says so.',
  },
  streamsOfConnection: { value: 100, because: 'Calls at a time on one connection; the next ones wait at the caller.' },
  keepaliveMs: {
    value: 60_000,
    because: 'Milliseconds after which a silent connection is asked whether it is still there.',
  },
  drainMs: {
    value: 10_000,
    because: 'Milliseconds that calls have to end when the process does; a read takes two seconds.',
  },
  usersOfBatch: { value: 200, because: 'What the user service answers at once.' },
  postsOfBatch: { value: 100, because: 'With the longest captions that is a megabyte.' },
  watchesOfAccount: {
    value: 10,
    because: 'Streams of events at a time for one service account, in one gateway process.',
  },
  unreadMs: { value: 15_000, because: 'Milliseconds that a stream waits for a reader who takes nothing.' },
  tokenLength: { value: 8_192, because: 'Characters of a token; that of a session has about 1,000.' },
} as const;

export const GRPC_BOUNDS = valuesOf(grpcBounds);
