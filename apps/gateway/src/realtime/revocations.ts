import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { LRUCache } from 'lru-cache';
import { NATS } from '@fowergram/messaging';

const SUBJECT = 'auth.session.revoked';
/** Longer than an access token lives: after that its own expiry ends it. */
const REMEMBER_MS = 24 * 60 * 60 * 1_000;

/** Ends sessions at once in every gateway process: a token is valid by itself until it expires, so the word must go round. */
@Injectable()
export class Revocations {
  private readonly revoked = new LRUCache<string, true>({ max: 100_000, ttl: REMEMBER_MS });
  private readonly listeners = new Set<(handle: string) => void>();

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {
    nats.subscribe(SUBJECT, {
      callback: (error, message) => {
        if (!error) for (const handle of message.json<string[]>()) this.apply(handle);
      },
    });
  }

  /** Says that these sessions are over, here and everywhere. */
  announce(handles: string[]): void {
    if (handles.length === 0) return;
    for (const handle of handles) this.apply(handle);
    this.nats.publish(SUBJECT, JSON.stringify(handles));
  }

  isRevoked(handle: string): boolean {
    return this.revoked.has(handle);
  }

  /** Calls `end` for each session that is revoked; the returned function ends that. */
  onRevoked(end: (handle: string) => void): () => void {
    this.listeners.add(end);
    return () => this.listeners.delete(end);
  }

  private apply(handle: string): void {
    if (this.revoked.has(handle)) return;
    this.revoked.set(handle, true);
    for (const listener of this.listeners) listener(handle);
  }
}
