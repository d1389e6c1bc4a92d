import { Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';

export interface MisplacedMedia {
  id: string;
  ownerId: string;
  hidden: boolean;
  variantNames: string[];
}

@Injectable()
export class VisibilityRepository {
  constructor(private readonly db: Database) {}

  /** Without a version whatever is known. */
  async hideClaims(claimIds: string[], version: number | undefined): Promise<void> {
    await this.db.query(SET_CLAIMS_HIDDEN, [claimIds, version ?? null, true]);
  }

  async showClaim(claimId: string, version: number): Promise<void> {
    await this.db.query(SET_CLAIMS_HIDDEN, [[claimId], version, false]);
  }

  /** Hides or shows what an owner has, unless a newer version of the account is known. */
  async setOwnerHidden({
    ownerId,
    version,
    hidden,
  }: {
    ownerId: string;
    version: number;
    hidden: boolean;
  }): Promise<void> {
    await this.db.query(SET_OWNER_HIDDEN, [ownerId, version, hidden]);
  }

  /** Media whose variants lie where they should not, with where they belong. */
  async misplaced(limit: number): Promise<MisplacedMedia[]> {
    return this.db.query<MisplacedMedia>(MISPLACED, [limit]);
  }

  async setMoved(mediaId: string, hidden: boolean): Promise<void> {
    await this.db.query('update media set stored_hidden = $2 where id = $1', [mediaId, hidden]);
  }
}

// Rows are locked in the order of their ids, as claims lock them.
const SET_CLAIMS_HIDDEN = `
  with locked as (
    select id from media where claim_id = any($1::uuid[]) and ($2::bigint is null or claim_version < $2) order by id for no key update
  )
  update media set claim_hidden = $3, claim_version = coalesce($2, claim_version) where id = any(array(select id from locked))`;

const SET_OWNER_HIDDEN = `
  with locked as (
    select id from media where owner_id = $1 and owner_version < $2 order by id for no key update
  )
  update media set owner_hidden = $3, owner_version = $2 where id = any(array(select id from locked))`;

/** The comparison in long, as the index has it: Postgres knows how few fulfil it, and nothing of a comparison of two flags. */
export const MISPLACED = `
  select id, owner_id as "ownerId", (claim_hidden or owner_hidden) as hidden, array(select variant ->> 'name' from jsonb_array_elements(variants) variant) as "variantNames"
  from media
  where status = 'READY' and (stored_hidden and not claim_hidden and not owner_hidden or not stored_hidden and (claim_hidden or owner_hidden))
  limit $1`;
