import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Payload, Push } from '@fowergram/contracts-core';
import { Bus } from '@fowergram/messaging';
import { Every } from '@fowergram/service-kit';

/** Signals are lost in rare cases that nobody notices, such as a broker that fails over: so often streams look for themselves. */
const POLL_INTERVAL_MS = 60_000;

/** What tells open subscriptions that there may be something for them. */
@Injectable()
export class SignalsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly streams = new Set<() => void>();
  private stopReconnect: () => void = () => undefined;

  constructor(private readonly bus: Bus) {}

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
   * session, never one of an argument.
   */
  listen<P extends Push>(
    userId: string,
    contract: P,
    receive: (payload: Payload<P>) => void,
    refresh: () => void,
  ): () => void {
    const stopPush = this.bus.onPush(userId, contract, receive);
    this.streams.add(refresh);
    return () => {
      stopPush();
      this.streams.delete(refresh);
    };
  }
}
