import { once, type EventEmitter } from 'node:events';
import { AppError } from '@fowergram/contracts-core';
import { GRPC_BOUNDS } from '../grpc.config.js';

/** What is written to, and says when it has room again. */
type Sink = EventEmitter & { readonly writableNeedDrain: boolean };

/**
 * Takes the next thing only when there is room for it: what a reader does not read stays where it comes from. Throws RATE_LIMITED when
 * there is no room for long, since what waits is held by us.
 */
export async function* inPace<T>(
  source: AsyncIterable<T>,
  sink: Sink,
  signal: AbortSignal,
  unreadMs: number = GRPC_BOUNDS.unreadMs,
): AsyncGenerator<T, void> {
  for await (const value of source) {
    if (sink.writableNeedDrain) await roomIn(sink, signal, unreadMs);
    if (signal.aborted) return;
    yield value;
  }
}

async function roomIn(sink: Sink, signal: AbortSignal, unreadMs: number): Promise<void> {
  const tooLong = AbortSignal.timeout(unreadMs);
  try {
    await once(sink, 'drain', { signal: AbortSignal.any([signal, tooLong]) });
  } catch (error) {
    if (!tooLong.aborted) {
      if (signal.aborted) return;
      throw error;
    }
    throw new AppError('RATE_LIMITED', 'You read too slowly: watch again from your last position.', {
      reason: 'SLOW_READER',
    });
  }
}
