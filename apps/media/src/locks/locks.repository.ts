import { Injectable } from '@nestjs/common';
import { Database, one } from '@fowergram/database';

export type LockMode = 'alone' | 'shared';

/** Longer than any work under a lock takes, and the end of one whose process was frozen. */
const LONGEST = '10min';

const isTaken = (lock: string) =>
  `select set_config('idle_in_transaction_session_timeout', '${LONGEST}', true) as longest, ${lock}(hashtextextended($1, 0)) as mine`;

const AFTER_OTHERS = `select set_config('idle_in_transaction_session_timeout', '${LONGEST}', true), pg_advisory_xact_lock(hashtextextended($1, 0))`;

const STATEMENTS = {
  alone: isTaken('pg_try_advisory_xact_lock'),
  shared: isTaken('pg_try_advisory_xact_lock_shared'),
} as const;

/** Everything about an owner that must not happen while their media are erased. */
export const ownerLock = (ownerId: string): string => `owner:${ownerId}`;

/** While it is held no picture is moved between the folders. */
export const VISIBILITY_LOCK = 'media:visibility';

/**
 * Locks between replicas for work that waits for the object store. Each is a transaction that does nothing else: it ends with its
 * connection, and no pooler gives that to somebody else meanwhile (ADR 64).
 */
@Injectable()
export class LocksRepository {
  constructor(private readonly db: Database) {}

  /**
   * Runs `work` under a lock and answers true; false, and nothing is done, when somebody else is in the way. Throws UNAVAILABLE when the
   * lock was lost before the work was done.
   */
  holding(name: string, mode: LockMode, work: () => Promise<void>): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const isMine = one(await tx.query<{ longest: string; mine: boolean }>(STATEMENTS[mode], [name])).mine;
      if (isMine) await work();
      return isMine;
    });
  }

  /** As `holding` alone, but waits for whoever is in the way: for what somebody waits for. */
  afterOthers<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.db.transaction(async (tx) => {
      await tx.query(AFTER_OTHERS, [name]);
      return work();
    });
  }
}
