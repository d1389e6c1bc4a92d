import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { revokeMultipleSessions } from 'supertokens-node/recipe/session';
import { ACCESS_TOKEN_LIFE_MS } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { RevokedSessionsClient } from './revoked-sessions.client.js';
import { sessionsRevoked } from './sessions-revoked.broadcast.js';

/** A little longer than an access token is good: after that its own expiry ends it. */
const REMEMBER_MS = ACCESS_TOKEN_LIFE_MS + 5 * 60 * 1_000;
const MAX_REMEMBERED = 200_000;
const EVICTION_BATCH_SIZE = 20_000;
const FINISH_BATCH_SIZE = 500;
const POLL_INTERVAL_MS = 2_000;

/**
 * Ends sessions at once in every gateway process: a token is valid by itself until it expires, so all of them must know. They hear of
 * it by NATS; the record is the user service's, for processes that start later or that the message did not reach. Whoever has not
 * read the record yet is in doubt, and asks the auth core about each session instead.
 */
@Injectable()
export class RevokedSessionsService implements OnApplicationBootstrap, OnModuleDestroy {
  /** When this process learned of each, oldest first. */
  private readonly revoked = new Map<string, number>();
  /** Sessions whose end could not be recorded, and that still live in the auth core therefore. */
  private readonly unfinished = new Set<string>();
  private readonly listeners = new Set<(handle: string) => void>();
  private isRead = false;
  private evictedAt = -Infinity;
  private doubtCount = 0;
  private stopReconnect: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    private readonly record: RevokedSessionsClient,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    bus.onBroadcast(sessionsRevoked, (handles) => {
      for (const handle of handles) this.apply(handle);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopReconnect = this.bus.onReconnect(() => {
      this.isRead = false;
      this.doubtCount++;
      void this.tryToCatchUp();
    });
    await this.tryToCatchUp();
  }

  onModuleDestroy(): void {
    this.stopReconnect();
  }

  /** Grows whenever something may have ended that is not known here: what was verified before must be verified anew. */
  get doubts(): number {
    return this.doubtCount;
  }

  /** True while a session may have ended that is not known here: the auth core knows. */
  get isInDoubt(): boolean {
    return !this.isRead || Date.now() - this.evictedAt < REMEMBER_MS;
  }

  /**
   * Says that these sessions are over, here and everywhere, and returns when it is on record. Where it cannot be recorded now it
   * throws UNAVAILABLE: all processes that run have heard of it, and this one goes on trying until the end is on record and in the core.
   */
  async announce(handles: string[]): Promise<void> {
    if (handles.length === 0) return;
    for (const handle of handles) this.apply(handle);
    this.bus.broadcast(sessionsRevoked, handles);
    try {
      await this.record.add(handles);
    } catch (error) {
      for (const handle of handles) if (this.unfinished.size < MAX_REMEMBERED) this.unfinished.add(handle);
      throw error;
    }
  }

  isRevoked(handle: string): boolean {
    return this.revoked.has(handle);
  }

  /** Calls `end` for each session that is revoked; the returned function ends that. */
  onRevoked(end: (handle: string) => void): () => void {
    this.listeners.add(end);
    return () => this.listeners.delete(end);
  }

  /** Learns what other processes have recorded, and finishes what could not be recorded here. */
  @Every(POLL_INTERVAL_MS, 'read revoked sessions')
  async catchUp(): Promise<void> {
    const doubts = this.doubtCount;
    await this.record.readNew((revocations) => {
      for (const { handle } of revocations) this.apply(handle);
    });
    // A connection that broke meanwhile has begun a new doubt.
    if (doubts === this.doubtCount) this.isRead = true;
    this.dropExpired();
    await this.finish();
  }

  private async tryToCatchUp(): Promise<void> {
    await this.catchUp().catch((error: unknown) =>
      this.log.warn({ err: error }, 'revoked sessions not known yet, the auth core is asked instead'),
    );
  }

  private async finish(): Promise<void> {
    const handles = [...this.unfinished].slice(0, FINISH_BATCH_SIZE);
    if (handles.length === 0) return;
    await revokeMultipleSessions(handles);
    for (const handle of handles) this.unfinished.delete(handle);
  }

  private apply(handle: string): void {
    if (this.revoked.has(handle)) return;
    if (this.revoked.size >= MAX_REMEMBERED) this.evict();
    this.revoked.set(handle, Date.now());
    for (const listener of this.listeners) listener(handle);
  }

  /** More have ended than fit: the oldest are forgotten, and until their tokens have expired the auth core is asked. */
  private evict(): void {
    this.dropExpired();
    if (this.revoked.size < MAX_REMEMBERED) return;
    for (const handle of [...this.revoked.keys()].slice(0, EVICTION_BATCH_SIZE)) this.revoked.delete(handle);
    this.evictedAt = Date.now();
    this.doubtCount++;
    this.log.warn(
      { evicted: EVICTION_BATCH_SIZE },
      'too many revoked sessions to remember, the auth core is asked instead',
    );
  }

  private dropExpired(): void {
    const expired = Date.now() - REMEMBER_MS;
    for (const [handle, at] of this.revoked) {
      if (at > expired) return;
      this.revoked.delete(handle);
    }
  }
}
