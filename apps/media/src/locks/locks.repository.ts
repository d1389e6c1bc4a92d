import { Injectable } from '@nestjs/common';
import { Database, one } from '@fowergram/database';

export type LockMode = 'alone' | 'shared';

const STATEMENTS = {
  alone: [
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as mine',
    'select pg_advisory_unlock(hashtextextended($1, 0))',
  ],
  shared: [
    'select pg_try_advisory_lock_shared(hashtextextended($1, 0)) as mine',
    'select pg_advisory_unlock_shared(hashtextextended($1, 0))',
  ],
} as const;

/** Everything about an owner that must not happen while their media are erased. */
export const ownerLock = (ownerId: string): string => `owner:${ownerId}`;

/** Locks between replicas for work that waits for the object store: they belong to a session, since no transaction may wait so long. */
@Injectable()
export class LocksRepository {
  constructor(private readonly db: Database) {}

  /** Runs `work` under a lock and answers true; false, and nothing is done, when somebody else is in the way. */
  async holding(name: string, mode: LockMode, work: () => Promise<void>): Promise<boolean> {
    const [lock, unlock] = STATEMENTS[mode];
    const session = await this.db.pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => (broken = error);
    session.on('error', onError);
    try {
      const { rows } = await session.query<{ mine: boolean }>(lock, [name]);
      if (!one(rows).mine) return false;
      try {
        await work();
      } finally {
        // A session that cannot unlock must not go back to the pool: it would hold the lock for as long as it lives.
        await session.query(unlock, [name]).catch((error: Error) => (broken = error));
      }
      return true;
    } finally {
      session.off('error', onError);
      session.release(broken);
    }
  }
}
