import { Injectable } from '@nestjs/common';
import { Database, type Sql, type Tx } from '@fowergram/database';
import { isNotErased } from '../erasure/erased-owners.repository.js';
import { MEDIA_COLUMNS, type MediaRow } from '../media/media.repository.js';
import { PrismaService } from '../prisma.client.js';

export interface NewMedia {
  id: string;
  ownerId: string;
  contentType: string;
  byteSize: number;
  altText: string | null;
}
export type UploadRow = MediaRow & { byteSize: number };

@Injectable()
export class UploadsRepository {
  constructor(
    private readonly db: Database,
    private readonly prisma: PrismaService,
  ) {}

  async insert(tx: Tx, media: NewMedia): Promise<MediaRow> {
    const row = await this.prisma.in(tx, (prisma) => prisma.media.create({ data: media }));
    return { ...row, variants: [] } as MediaRow;
  }

  async findOwned(mediaId: string, ownerId: string, sql: Sql = this.db): Promise<UploadRow | undefined> {
    const [row] = await sql.query<UploadRow>(FIND_OWNED, [mediaId, ownerId]);
    return row;
  }

  /** The row as PROCESSING; undefined when it was not waiting for its upload any more. */
  async startProcessing(tx: Tx, mediaId: string): Promise<MediaRow | undefined> {
    const [row] = await tx.query<MediaRow>(START_PROCESSING, [mediaId]);
    return row;
  }
}

const FIND_OWNED = `select ${MEDIA_COLUMNS}, byte_size as "byteSize" from media where id = $1 and owner_id = $2 and ${isNotErased('media.owner_id')}`;
const START_PROCESSING = `
  update media set status = 'PROCESSING', status_at = now() where id = $1 and status = 'AWAITING_UPLOAD' returning ${MEDIA_COLUMNS}`;
