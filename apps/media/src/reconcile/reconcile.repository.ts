import { Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { isNotErased } from '../erasure/erased-owners.repository.js';
import type { PictureRow } from './reconcile.rules.js';

/** Stands before every id. */
const NIL_ID = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class ReconcileRepository {
  constructor(private readonly db: Database) {}

  /** The media after an id, in the order of their ids. */
  page(after: string | null, limit: number): Promise<PictureRow[]> {
    return this.db.query<PictureRow>(PAGE, [after ?? NIL_ID, limit]);
  }

  /** Says of media that they lie where they should not, which has them moved. */
  async setMisplaced(ids: string[]): Promise<void> {
    await this.db.query(SET_MISPLACED, [ids]);
  }

  /** Takes variants from a row, of which others are there. */
  async dropVariants(mediaId: string, names: string[]): Promise<void> {
    await this.db.query(DROP_VARIANTS, [mediaId, names]);
  }

  /** Says of a picture that nothing is left of it. */
  async setLost(mediaId: string): Promise<void> {
    await this.db.query(SET_LOST, [mediaId]);
  }
}

const PAGE = `
  select id, owner_id as "ownerId", status, not ${isNotErased('media.owner_id')} as "isErased", stored_hidden as "storedHidden",
    array(select variant ->> 'name' from jsonb_array_elements(variants) variant) as "variantNames"
  from media where id > $1 order by id limit $2`;

const SET_MISPLACED = `
  update media set stored_hidden = not (claim_hidden or owner_hidden) where id = any($1::uuid[])`;

const DROP_VARIANTS = `
  update media set variants = (
    select jsonb_agg(variant order by place) from jsonb_array_elements(variants) with ordinality as each(variant, place)
    where variant ->> 'name' <> all($2::text[])
  )
  where id = $1 and status = 'READY'`;

const SET_LOST = `
  update media set status = 'REJECTED', status_at = now(), rejection_code = 'UPLOAD_LOST', rejection_reason = 'The picture was lost.',
    variants = '[]', free_since = null, claim_id = null, claim_purpose = null, claimed_at = null, claim_confirmed_at = null
  where id = $1 and status = 'READY'`;
