import type { Metadata, ServerWritableStream } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import { type Gauge, Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import type { WatchRequest, WatchResponse } from '@fowergram/contracts-grpc';
import { gauge } from '@fowergram/service-kit';
import { CallersService } from '../calls/callers.service.js';
import { GRPC_BOUNDS } from '../grpc.config.js';
import { inPace } from './in-pace.js';
import { WatchService } from './watch.service.js';

type Call = ServerWritableStream<WatchRequest, WatchResponse>;

/** The streams that are open: how many there may be, until when, and how fast each is filled. */
@Injectable()
export class WatchStreamsService {
  private readonly open = new Map<string, number>();
  private readonly streams: Gauge<never>;

  constructor(
    private readonly events: WatchService,
    private readonly callers: CallersService,
    metrics: Registry,
  ) {
    this.streams = gauge(metrics, 'grpc_watches_open', 'Streams of events by gRPC that are open.');
    this.streams.set(0);
  }

  /** What one stream sends, until its reader gives it up, or may not or does not read any more. */
  async *watch(request: WatchRequest, metadata: Metadata, call: Call): AsyncGenerator<WatchResponse, void> {
    const accountId = this.callers.requesterOf(metadata).userId!;
    const release = this.take(accountId);
    const givenUp = new AbortController();
    const giveUp = () => givenUp.abort();
    call.once('cancelled', giveUp);
    try {
      const check = () => this.check(metadata, call);
      const source = this.events.watch({ ...request, signal: givenUp.signal, check });
      yield* inPace(source, call, givenUp.signal);
    } finally {
      call.off('cancelled', giveUp);
      release();
    }
  }

  private take(accountId: string): () => void {
    const count = this.open.get(accountId) ?? 0;
    if (count >= GRPC_BOUNDS.watchesOfAccount)
      throw new AppError(
        'RATE_LIMITED',
        `A service account watches with at most ${GRPC_BOUNDS.watchesOfAccount} streams at a time.`,
        { reason: 'WATCHES' },
      );
    this.open.set(accountId, count + 1);
    this.streams.inc();
    return () => {
      const left = this.open.get(accountId)! - 1;
      if (left === 0) this.open.delete(accountId);
      else this.open.set(accountId, left);
      this.streams.dec();
    };
  }

  /** A key may be revoked while its stream is open; a user service that does not answer now is no reason to end it. */
  private async check(metadata: Metadata, call: Call): Promise<void> {
    try {
      await this.callers.identify(metadata, call.getPeer(), 'events:read');
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'UNAVAILABLE')) throw error;
    }
  }
}
