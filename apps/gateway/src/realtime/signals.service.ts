import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Histogram, Registry } from 'prom-client';
import type { Payload, Push } from '@fowergram/contracts-core';
import { Bus } from '@fowergram/messaging';
import { Every, histogram } from '@fowergram/service-kit';
import { SharedReads } from './shared-reads.js';

/** Signals are lost in rare cases that nobody notices, such as a broker that fails over: so often streams look for themselves. */
const POLL_INTERVAL_MS = 60_000;

type Receive = (payload: object) => void;

interface Listener {
  receive: Receive;
}

interface Upstream {
  listeners: Set<Listener>;
  stop: () => void;
}

/** What tells open subscriptions that there may be something for them. */
@Injectable()
export class SignalsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly streams = new Set<() => void>();
  private readonly upstreams = new Map<string, Upstream>();
  /** What several streams of a user read when the same signal comes to them. */
  readonly reads = new SharedReads();
  private readonly delays: Histogram<never>;
  private stopReconnect: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    metrics: Registry,
  ) {
    this.delays = histogram(
      metrics,
      'push_delay_seconds',
      'From a change to its push at the gateway of the socket.',
      [],
    );
  }

  onApplicationBootstrap(): void {
    this.stopReconnect = this.bus.onReconnect(() => this.refresh());
  }

  onModuleDestroy(): void {
    this.stopReconnect();
  }

  @Every(POLL_INTERVAL_MS, 'look for missed pushes')
  refresh(): void {
    for (const refresh of this.streams) refresh();
  }

  /**
   * Calls `receive` for each signal to this user, and `refresh` whenever signals may have been missed. The user is the one of the
   * session, never one of an argument. All who listen to the same share one subscription upstream.
   */
  listen<P extends Push>(
    userId: string,
    contract: P,
    receive: (payload: Payload<P>) => void,
    refresh: () => void,
  ): () => void {
    const leave = this.join(userId, contract, receive as Receive);
    this.streams.add(refresh);
    return () => {
      leave();
      this.streams.delete(refresh);
    };
  }

  /** Measures how long a push was on its way; hosts whose clocks differ measure that as well. */
  measureDelay(changedAt: string): void {
    this.delays.observe(Math.max(0, Date.now() - Date.parse(changedAt)) / 1_000);
  }

  /** How many subscriptions upstream there are. */
  get upstreamCount(): number {
    return this.upstreams.size;
  }

  private join(userId: string, contract: Push, receive: Receive): () => void {
    const key = `${userId} ${contract.name}`;
    const upstream = this.upstreams.get(key) ?? this.open(key, userId, contract);
    // Not the function itself: a caller that listens twice is two listeners.
    const listener: Listener = { receive };
    upstream.listeners.add(listener);
    return () => {
      if (!upstream.listeners.delete(listener) || upstream.listeners.size > 0) return;
      this.upstreams.delete(key);
      upstream.stop();
    };
  }

  private open(key: string, userId: string, contract: Push): Upstream {
    const listeners = new Set<Listener>();
    const stop = this.bus.onPush(userId, contract, (payload) => {
      for (const { receive } of listeners) receive(payload as object);
    });
    const upstream = { listeners, stop };
    this.upstreams.set(key, upstream);
    return upstream;
  }
}
