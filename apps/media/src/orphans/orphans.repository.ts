import { Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { PrismaService } from '../prisma.client.js';
import type { StoredVariant } from '../media/media.repository.js';
import type { KnownMedia } from './orphans.rules.js';

export interface OwnedMedia {
  id: string;
  ownerId: string;
}
export type UnclearedMedia = OwnedMedia & { status: 'READY' | 'REJECTED' };

@Injectable()
export class OrphansRepository {
  constructor(
    private readonly db: Database,
    private readonly prisma: PrismaService,
  ) {}

  /** Deletes media that nothing was ever uploaded for, and returns them. */
  async deleteAbandoned(createdBefore: Date, limit: number): Promise<OwnedMedia[]> {
    return this.db.query<OwnedMedia>(DELETE_ABANDONED, [createdBefore, limit]);
  }

  /** Deletes READY media that nobody has claimed, and returns them. */
  async deleteUnclaimed(freeBefore: Date, limit: number): Promise<OwnedMedia[]> {
    return this.db.query<OwnedMedia>(DELETE_UNCLAIMED, [freeBefore, limit]);
  }

  /** Media that became READY or REJECTED before `before` and still have objects that must go. */
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
    const rows = await this.prisma.media.findMany({
      where: { id: { in: ids } },
      select: { id: true, status: true, variants: true },
    });
    return new Map(rows.map((row) => [row.id, { ...row, variants: row.variants as unknown as StoredVariant[] }]));
  }
}

const DELETE_ABANDONED = `
  delete from media where id = any(array(
    select id from media where status = 'AWAITING_UPLOAD' and created_at < $1 order by created_at limit $2 for update skip locked
  )) returning id, owner_id as "ownerId"`;
const DELETE_UNCLAIMED = `
  delete from media where id = any(array(
    select id from media where free_since < $1 order by free_since limit $2 for update skip locked
  )) returning id, owner_id as "ownerId"`;
