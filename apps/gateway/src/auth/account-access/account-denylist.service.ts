import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Error as SessionError } from 'supertokens-node/recipe/session';
import { accountRpc, type AccountStatus, userEvent } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { Every, HealthService, type Logger, LOGGER } from '@fowergram/service-kit';
import { signInUnavailable } from '../supertokens/core.js';
import type { Session } from '../sessions/session.js';

const POLL_INTERVAL_MS = 10_000;
const RETRY_INTERVAL_MS = 1_000;
/** Longer than any access token lives: whoever was restricted earlier holds none. */
const REMEMBER_MS = 25 * 60 * 60 * 1_000;
const PAGE = 1_000;
/** How long signed-in requests wait after the start for a user service that does not say whom to keep out. */
const STARTUP_TIMEOUT_MS = 30_000;

interface DenylistEntry {
  status: AccountStatus;
  version: number;
  /** When it was so, as the event says; otherwise when this process learned of it. */
  at: number;
  notedAt: number;
}

/** The session of somebody who may not come in any more; to the SDK's clients a session that is over. */
export class RestrictedAccountError extends SessionError {
  constructor(readonly status: AccountStatus) {
    super({ type: SessionError.UNAUTHORISED, message: 'The account is restricted.', payload: { clearTokens: false } });
  }
}

/**
 * Whom this process keeps out though their tokens are still good. It hears of it by NATS at once, and since a message may be
 * lost it asks the user service as well: at the start, when NATS was away, and every ten seconds.
 *
 * Until it has been answered for the first time, signed-in requests get UNAVAILABLE and the process is not ready. That ends
 * after half a minute: a user service that is away must not take the whole API with it, and by then only those are let in
 * whose ban no gateway has heard of yet: until it knows the list, the auth core is asked about each session (isInDoubt), where any
 * of them has ended those of a restricted account.
 */
@Injectable()
export class AccountDenylistService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly entries = new Map<string, DenylistEntry>();
  private readonly listeners = new Set<(userId: string) => void>();
  private readonly startedAt = Date.now();
  private isFilled = false;
  /** Whether the list was read since NATS was away last. */
  private isCurrent = false;
  private reconnects = 0;
  private nextPollAt = 0;
  private stopReconnect: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
    health: HealthService,
  ) {
    bus.onBroadcast(userEvent.accountChanged, ({ userId, status, version, at }) =>
      this.note(userId, { status, version, at: Date.parse(at), notedAt: Date.now() }),
    );
    health.add('account-denylist', () =>
      this.isWaiting() ? Promise.reject(new Error('not known yet')) : Promise.resolve(),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopReconnect = this.bus.onReconnect(() => {
      this.reconnects++;
      this.isCurrent = false;
      this.nextPollAt = 0;
    });
    await this.pollIfDue().catch((error: unknown) => this.log.warn({ err: error }, 'account denylist not known yet'));
  }

  onModuleDestroy(): void {
    this.stopReconnect();
  }

  /** Throws RestrictedAccountError for the session of an account on the denylist. */
  refuse(session: Session): void {
    if (this.isWaiting()) throw signInUnavailable();
    const status = this.restrictionOf(session);
    if (status) throw new RestrictedAccountError(status);
  }

  /** Why this session is over; undefined when it is not. */
  restrictionOf({ userId, issuedAt }: Pick<Session, 'userId' | 'issuedAt'>): AccountStatus | undefined {
    const entry = this.entries.get(userId);
    if (!entry || entry.status === 'ACTIVE') return undefined;
    // Signing in reactivates a deactivated account, after a second factor if there is one: what is newer is a way in, not a leftover.
    if (entry.status === 'DEACTIVATED' && issuedAt >= Math.floor(entry.at / 1_000) * 1_000) return undefined;
    return entry.status;
  }

  /** Calls `react` with the user whenever an account is restricted; the returned function ends that. */
  onRestricted(react: (userId: string) => void): () => void {
    this.listeners.add(react);
    return () => this.listeners.delete(react);
  }

  /** True while somebody may be restricted that this process does not know of. */
  get isInDoubt(): boolean {
    return !this.isCurrent;
  }

  private isWaiting(): boolean {
    return !this.isFilled && Date.now() - this.startedAt < STARTUP_TIMEOUT_MS;
  }

  /** ACTIVE is stored, too: an answer that was under way must not restrict an account again that a newer event has let in. */
  private note(userId: string, entry: DenylistEntry): void {
    const known = this.entries.get(userId);
    if (known && known.version >= entry.version) return;
    this.entries.set(userId, entry);
    if (entry.status !== 'ACTIVE') for (const react of this.listeners) react(userId);
  }

  @Every(RETRY_INTERVAL_MS, 'ask for restricted accounts')
  async pollIfDue(): Promise<void> {
    const now = Date.now();
    if (now < this.nextPollAt) return;
    const { reconnects } = this;
    const listed = await this.askAll(now);
    // What the list does not have any more was let in again, unless it was restricted while the list was read.
    for (const [userId, { notedAt }] of this.entries)
      if (notedAt < now && !listed.has(userId)) this.entries.delete(userId);
    this.isFilled = true;
    // What happened while NATS was away a second time may be missing in this answer.
    if (reconnects !== this.reconnects) return;
    this.isCurrent = true;
    this.nextPollAt = now + POLL_INTERVAL_MS;
  }

  private async askAll(now: number): Promise<Set<string>> {
    const since = new Date(now - REMEMBER_MS).toISOString();
    const listed = new Set<string>();
    for (let afterId: string | null = null, hasMore = true; hasMore;) {
      const page: { accounts: { userId: string; status: AccountStatus; version: number }[]; hasMore: boolean } =
        await this.bus.call(accountRpc.denylist, { since, afterId, limit: PAGE });
      for (const { userId, ...entry } of page.accounts) {
        listed.add(userId);
        this.note(userId, { ...entry, at: now, notedAt: now });
      }
      afterId = page.accounts.at(-1)?.userId ?? null;
      hasMore = page.hasMore && afterId !== null;
    }
    return listed;
  }
}
