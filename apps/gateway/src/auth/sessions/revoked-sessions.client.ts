import { Injectable } from '@nestjs/common';
import { MAX_REVOCATIONS, sessionRpc } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';

/** What is written later may carry an earlier time: a write takes seconds at most. */
const OVERLAP_MS = 60_000;

export interface Revocation {
  handle: string;
  revokedAt: string;
}

/** The record of revoked sessions, which the user service stores. */
@Injectable()
export class RevokedSessionsClient {
  private readUpTo: string | null = null;

  constructor(private readonly bus: Bus) {}

  /** Returns when the record is committed; throws UNAVAILABLE when nobody knows whether it is. */
  async add(handles: string[]): Promise<void> {
    for (let from = 0; from < handles.length; from += MAX_REVOCATIONS)
      await this.bus.call(sessionRpc.revoke, { handles: handles.slice(from, from + MAX_REVOCATIONS) });
  }

  /** Passes on what came since the last call that succeeded, with a few that were known already: page by page, oldest first. */
  async readNew(apply: (revocations: Revocation[]) => void): Promise<void> {
    let asOf: string | undefined;
    for (let since = this.readUpTo, after = '', hasMore = true; hasMore;) {
      const page: { revocations: Revocation[]; hasMore: boolean; asOf: string } = await this.bus.call(
        sessionRpc.revoked,
        { since, after, limit: MAX_REVOCATIONS },
      );
      apply(page.revocations);
      asOf ??= new Date(Date.parse(page.asOf) - OVERLAP_MS).toISOString();
      const last = page.revocations.at(-1);
      if (last) [since, after] = [last.revokedAt, last.handle];
      hasMore = page.hasMore && last !== undefined;
    }
    this.readUpTo = asOf ?? this.readUpTo;
  }
}
