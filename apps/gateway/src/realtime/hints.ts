import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Payload, Push } from '@fowergram/contracts-core';
import { Bus } from '@fowergram/messaging';

/** Hints are lost in rare cases that nobody notices, such as a broker that fails over: so often streams look for themselves. */
const LOOK_EVERY_MS = 60_000;

/** What tells open subscriptions that there may be something for them. */
@Injectable()
export class Hints implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly streams = new Set<() => void>();
  private stopReconnect: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly bus: Bus) {}

  onApplicationBootstrap(): void {
    const lookAgain = () => this.streams.forEach((look) => look());
    this.stopReconnect = this.bus.onReconnect(lookAgain);
    this.timer = setInterval(lookAgain, LOOK_EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.stopReconnect();
  }

  /**
   * Calls `receive` for each hint to this user, and `lookAgain` whenever hints may have been missed. The user is the one of the
   * session, never one of an argument.
   */
  listen<P extends Push>(
    userId: string,
    contract: P,
    receive: (payload: Payload<P>) => void,
    lookAgain: () => void,
  ): () => void {
    const stopPush = this.bus.onPush(userId, contract, receive);
    this.streams.add(lookAgain);
    return () => {
      stopPush();
      this.streams.delete(lookAgain);
    };
  }
}
