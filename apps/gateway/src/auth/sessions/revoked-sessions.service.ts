import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Bus } from '@fowergram/messaging';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { RevokedSessionsCache } from './revoked-sessions.cache.js';
import { sessionsRevoked } from './sessions-revoked.broadcast.js';

/** Longer than an access token lives: after that its own expiry ends it. */
const REMEMBER_MS = 24 * 60 * 60 * 1_000;
const MAX_REMEMBERED = 100_000;
const POLL_INTERVAL_MS = 2_000;

/**
 * Ends sessions at once in every gateway process: a token is valid by itself until it expires, so the word must go round. It does
 * by NATS, and by Redis for processes that start later or that the message did not reach.
 */
@Injectable()
export class RevokedSessionsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly revoked = new LRUCache<string, true>({ max: MAX_REMEMBERED, ttl: REMEMBER_MS });
  /** What Redis did not take yet. */
  private readonly unsaved = new Set<string>();
  private readonly listeners = new Set<(handle: string) => void>();
  private stopReconnect: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    private readonly cache: RevokedSessionsCache,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    bus.onBroadcast(sessionsRevoked, (handles) => {
      for (const handle of handles) this.apply(handle);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.cache.connected();
    await this.catchUp().catch((error: unknown) =>
      this.log.warn({ err: error }, 'sessions that have ended are not known yet'),
    );
    this.stopReconnect = this.bus.onReconnect(() => this.cache.rereadAll());
  }

  onModuleDestroy(): void {
    this.stopReconnect();
  }

  /** Says that these sessions are over, here and everywhere; never fails, since they are over in the core already. */
  async announce(handles: string[]): Promise<void> {
    if (handles.length === 0) return;
    for (const handle of handles) {
      this.apply(handle);
      if (this.unsaved.size < MAX_REMEMBERED) this.unsaved.add(handle);
    }
    this.bus.broadcast(sessionsRevoked, handles);
    await this.save().catch((error: unknown) =>
      this.log.warn({ err: error }, 'revoked sessions not stored in Redis yet'),
    );
  }

  isRevoked(handle: string): boolean {
    return this.revoked.has(handle);
  }

  /** Calls `end` for each session that is revoked; the returned function ends that. */
  onRevoked(end: (handle: string) => void): () => void {
    this.listeners.add(end);
    return () => this.listeners.delete(end);
  }

  /** Stores what Redis has not taken yet and learns what other processes have stored. */
  @Every(POLL_INTERVAL_MS, 'read revoked sessions')
  async catchUp(): Promise<void> {
    await this.save();
    for (const handle of await this.cache.readNew(MAX_REMEMBERED)) this.apply(handle);
  }

  private async save(): Promise<void> {
    const handles = [...this.unsaved];
    if (handles.length === 0) return;
    await this.cache.add(handles, REMEMBER_MS);
    for (const handle of handles) this.unsaved.delete(handle);
  }

  private apply(handle: string): void {
    if (this.revoked.has(handle)) return;
    this.revoked.set(handle, true);
    for (const listener of this.listeners) listener(handle);
  }
}
