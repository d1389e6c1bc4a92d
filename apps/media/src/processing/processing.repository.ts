import { Injectable } from '@nestjs/common';
import type { MediaRejection, MediaStatus } from '@fowergram/contracts-media';
import { Database, type Tx } from '@fowergram/database';
import { PrismaService } from '../prisma.client.js';
import type { Rendition } from '../pictures/render-picture.js';

export interface Original {
  id: string;
  ownerId: string;
  contentType: string;
  byteSize: number;
  starts: number;
}

@Injectable()
export class ProcessingRepository {
  constructor(
    private readonly db: Database,
    private readonly prisma: PrismaService,
  ) {}

  /** Whose media it is that is to be processed; undefined when there is nothing to process any more. */
  async ownerOf(mediaId: string): Promise<string | undefined> {
    const row = await this.prisma.media.findUnique({
      where: { id: mediaId, status: 'PROCESSING' },
      select: { ownerId: true },
    });
    return row?.ownerId;
  }

  /** Counts a start; undefined when there is nothing to process any more. */
  async start(mediaId: string): Promise<Original | undefined> {
    const [row] = await this.db.query<Original>(START, [mediaId]);
    return row;
  }

  /** Takes a start back that ended in order, though without an outcome. */
  async uncountStart(mediaId: string): Promise<void> {
    await this.db.query('update media set starts = starts - 1 where id = $1 and starts > 0', [mediaId]);
  }

  /** True for the one call that ends the processing. */
  async setReady(tx: Tx, mediaId: string, { width, height, blurhash, variants }: Rendition): Promise<boolean> {
    const stored = variants.map(({ bytes: _bytes, ...variant }) => variant);
    const rows = await tx.query(SET_READY, [mediaId, width, height, blurhash, JSON.stringify(stored)]);
    return rows.length > 0;
  }

  /** True for the one call that ends the media's life in the status `from`. */
  async setRejected(tx: Tx, mediaId: string, from: MediaStatus, rejection: MediaRejection): Promise<boolean> {
    const where = { id: mediaId, status: from };
    const data = {
      status: 'REJECTED',
      statusAt: new Date(),
      rejectionCode: rejection.code,
      rejectionReason: rejection.reason,
      ...NO_CLAIM,
    };
    return (await this.prisma.in(tx, ({ media }) => media.updateMany({ where, data }))).count > 0;
  }

  /** Gives a media that is to be processed all its starts again; false when there is nothing to process. */
  async restart(mediaId: string): Promise<boolean> {
    const where = { id: mediaId, status: 'PROCESSING' };
    return (await this.prisma.media.updateMany({ where, data: { starts: 0 } })).count > 0;
  }

  async setCleared(mediaId: string): Promise<void> {
    await this.prisma.media.updateMany({ where: { id: mediaId }, data: { clearedAt: new Date() } });
  }

  /** Media that have been PROCESSING since before `before`, longest first. */
  async processingSince(before: Date, limit: number): Promise<string[]> {
    const rows = await this.prisma.media.findMany({
      where: { status: 'PROCESSING', statusAt: { lt: before } },
      orderBy: { statusAt: 'asc' },
      take: limit,
      select: { id: true },
    });
    return rows.map((row) => row.id);
  }
}

/** Whoever claimed it hears of the rejection, and may claim another one. */
const NO_CLAIM = { claimId: null, claimPurpose: null, claimedAt: null, claimConfirmedAt: null };

const START = `
  update media set starts = starts + 1 where id = $1 and status = 'PROCESSING'
  returning id, owner_id as "ownerId", content_type as "contentType", byte_size as "byteSize", starts`;
const SET_READY = `
  update media set status = 'READY', status_at = now(), free_since = case when claim_id is null then now() end, starts = 0, width = $2, height = $3, blurhash = $4, variants = $5
  where id = $1 and status = 'PROCESSING' returning id`;
