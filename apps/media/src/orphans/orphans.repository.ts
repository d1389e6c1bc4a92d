import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { PrismaClient } from '../generated/prisma/client.js';
import type { StoredVariant } from '../media/media.repository.js';
import type { KnownMedia } from './orphans.rules.js';

export interface OwnedMedia {
  id: string;
  ownerId: string;
}
export type UnclearedMedia = OwnedMedia & { status: 'READY' | 'REJECTED' };

const LOCK = 'media:orphans';

@Injectable()
export class OrphansRepository {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(PrismaClient) private readonly prisma: PrismaClient,
  ) {}

  /** Runs `work` unless another replica is at it. The lock is one of the session, as the work waits for the object store and no transaction may. */
  async alone(work: () => Promise<void>): Promise<void> {
    const session = await this.db.pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => (broken = error);
    session.on('error', onError);
    try {
      const { rows } = await session.query<{ mine: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as mine', [LOCK]);
      if (!rows[0]?.mine) return;
      try {
        await work();
      } finally {
        // A session that cannot unlock must not go back to the pool: it would hold the lock for as long as it lives.
        await session.query('select pg_advisory_unlock(hashtextextended($1, 0))', [LOCK]).catch((error: Error) => (broken = error));
      }
    } finally {
      session.off('error', onError);
      session.release(broken);
    }
  }

  /** Deletes media that nothing was ever uploaded for, and returns them. */
  async deleteAbandoned(createdBefore: Date, limit: number): Promise<OwnedMedia[]> {
    return this.db.query<OwnedMedia>(DELETE_ABANDONED, [createdBefore, limit]);
  }

  /** Deletes READY media that nobody has claimed, and returns them. */
  async deleteUnclaimed(freeBefore: Date, limit: number): Promise<OwnedMedia[]> {
    return this.db.query<OwnedMedia>(DELETE_UNCLAIMED, [freeBefore, limit]);
  }

  /** Media that were settled before `before` and still have objects that must go. */
  async uncleared(before: Date, limit: number): Promise<UnclearedMedia[]> {
    const rows = await this.prisma.media.findMany({
      where: { clearedAt: null, status: { in: ['READY', 'REJECTED'] }, statusAt: { lt: before } },
      orderBy: { statusAt: 'asc' },
      take: limit,
      select: { id: true, ownerId: true, status: true },
    });
    return rows as UnclearedMedia[];
  }

  async known(ids: string[]): Promise<Map<string, KnownMedia>> {
    const rows = await this.prisma.media.findMany({ where: { id: { in: ids } }, select: { id: true, status: true, variants: true } });
    return new Map(rows.map((row) => [row.id, { ...row, variants: row.variants as unknown as StoredVariant[] }]));
  }
}

const DELETE_ABANDONED = `
  delete from media where id in (
    select id from media where status = 'AWAITING_UPLOAD' and created_at < $1 order by created_at limit $2 for update skip locked
  ) returning id, owner_id as "ownerId"`;
const DELETE_UNCLAIMED = `
  delete from media where id in (
    select id from media where free_since < $1 order by free_since limit $2 for update skip locked
  ) returning id, owner_id as "ownerId"`;
