import { Injectable } from '@nestjs/common';
import type { Media, MediaVariant } from '@fowergram/contracts-media';
import { Database, type Sql } from '@fowergram/database';
import { isNotErased } from '../erasure/erased-owners.repository.js';

export type StoredVariant = Omit<MediaVariant, 'url'>;

/** A media as it is stored: its variants have names, and get addresses when they are shown. */
export type MediaRow = Omit<Media, 'variants' | 'urlsExpireAt' | 'createdAt'> & {
  variants: StoredVariant[];
  /** They lie where nobody has an address of before; whoever still sees the post that hides them is its author. */
  isForAuthor?: boolean;
  createdAt: Date;
};

/** What every statement returns that hands media on; `media` is the table or its alias. */
export const MEDIA_COLUMNS = `media.id, media.owner_id as "ownerId", media.kind, media.status, media.rejection_code as "rejectionCode",
  media.rejection_reason as "rejectionReason", media.alt_text as "altText", media.width, media.height, media.blurhash, media.variants,
  media.stored_hidden and not media.owner_hidden as "isForAuthor", media.created_at as "createdAt"`;

@Injectable()
export class MediaRepository {
  constructor(private readonly db: Database) {}

  /** Those whose owner is there; objects of the others may be gone already. */
  async byIds(ids: string[], sql: Sql = this.db): Promise<MediaRow[]> {
    return sql.query<MediaRow>(BY_IDS, [ids]);
  }

  ofOwner(ids: string[], ownerId: string): Promise<MediaRow[]> {
    return this.db.query<MediaRow>(OF_OWNER, [ids, ownerId]);
  }
}

const BY_IDS = `select ${MEDIA_COLUMNS} from media where id = any($1::uuid[]) and ${isNotErased('media.owner_id')}`;
const OF_OWNER = `${BY_IDS} and media.owner_id = $2`;
