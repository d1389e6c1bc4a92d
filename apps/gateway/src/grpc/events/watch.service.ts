import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '@fowergram/contracts-core';
import type { WatchRequest, WatchResponse } from '@fowergram/contracts-grpc';
import { EventLog, type LoggedEvent } from '@fowergram/messaging';
import { eventsMissing, positionOf, sequenceOf } from './positions.rules.js';
import { presentEvent } from './watched-events.presenter.js';

const POLL_INTERVAL_MS = 250;
const BATCH_SIZE = 64;
/** After so long the reader hears where it stands, though nothing was for it, and is asked for its key once more. */
const PROGRESS_INTERVAL_MS = 10_000;

interface Watch extends WatchRequest {
  signal: AbortSignal;
  /** Throws when the reader may not watch any more. */
  check: () => Promise<void>;
}

/** Reads the log for whoever watches: each from its own position, as fast as it takes what it is given. */
@Injectable()
export class WatchService implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(private readonly log: EventLog) {}

  /** Whoever watches comes back to another process, from its last position. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  async *watch({ after, kinds, signal, check }: Watch): AsyncGenerator<WatchResponse, void> {
    const wanted = new Set(kinds);
    const range = await this.log.range();
    let sequence = sequenceOf(after, range);
    const answer = (event?: WatchResponse['event']): WatchResponse => ({
      position: positionOf(range, sequence),
      ...(event && { event }),
    });
    yield answer();
    for (let checkedAt = Date.now(); !signal.aborted;) {
      const { events, upTo } = await this.next(sequence, signal);
      for (const event of events) {
        sequence = event.sequence;
        const shown = presentEvent(event, wanted);
        if (shown) yield answer(shown);
      }
      sequence = upTo;
      if (Date.now() - checkedAt < PROGRESS_INTERVAL_MS) continue;
      await check();
      yield answer();
      checkedAt = Date.now();
    }
  }

  /** What is behind this number, up to another; nothing when nothing came for a moment. */
  private async next(sequence: number, signal: AbortSignal): Promise<{ events: LoggedEvent[]; upTo: number }> {
    const { first, last } = await this.log.range();
    if (sequence + 1 < first) throw eventsMissing();
    const size = Math.min(last - sequence, BATCH_SIZE);
    if (size <= 0) {
      await this.pause(signal);
      return { events: [], upTo: sequence };
    }
    const read = await Promise.all(Array.from({ length: size }, (_, index) => this.log.at(sequence + 1 + index)));
    const events = read.filter((event) => event !== null);
    if (events.length < size) await this.requireStored(sequence, signal);
    return { events, upTo: sequence + size };
  }

  /** Tells a number that the log has never had from an event whose age was over while it was read. */
  private async requireStored(sequence: number, signal: AbortSignal): Promise<void> {
    await this.pause(signal);
    if (sequence + 1 < (await this.log.range()).first) throw eventsMissing();
  }

  private async pause(signal: AbortSignal): Promise<void> {
    const ends = AbortSignal.any([signal, this.stopping.signal]);
    await delay(POLL_INTERVAL_MS, undefined, { signal: ends }).catch(() => undefined);
    if (this.stopping.signal.aborted) throw restarting();
  }
}

const restarting = (): AppError =>
  new AppError('UNAVAILABLE', 'The server restarts: watch again from your last position.');
