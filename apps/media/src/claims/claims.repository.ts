import { Injectable } from '@nestjs/common';
import { Database, type Sql, type Tx } from '@fowergram/database';
import { MEDIA_COLUMNS } from '../media/media.repository.js';
import type { Claim, ClaimableRow } from './claims.rules.js';

export type ClaimPurpose = 'post' | 'avatar';
export type ClaimRow = ClaimableRow & { claimed: boolean };

@Injectable()
export class ClaimsRepository {
  constructor(private readonly db: Database) {}

  /** Claims all of the media or none; returns those that exist as they were, each with whether the claim holds. */
  async claim(claim: Claim & { purpose: ClaimPurpose }, sql: Sql = this.db): Promise<ClaimRow[]> {
    const ids = [...new Set(claim.mediaIds)];
    const accepted = claim.acceptsProcessing ? ['READY', 'PROCESSING'] : ['READY'];
    return sql.query<ClaimRow>(CLAIM, [ids, ids.length, claim.ownerId, claim.claimId, claim.purpose, accepted]);
  }

  async unconfirmed(purpose: ClaimPurpose, olderThanSeconds: number, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ claimId: string }>(UNCONFIRMED, [purpose, olderThanSeconds, limit]);
    return rows.map((row) => row.claimId);
  }

  async confirm(tx: Tx, claimIds: string[]): Promise<void> {
    await tx.query(CONFIRM, [claimIds]);
  }

  async release(tx: Tx, claimIds: string[], notSinceSeconds: number): Promise<void> {
    await tx.query(RELEASE, [claimIds, notSinceSeconds]);
  }

  /** Frees what the claim holds besides these media. */
  async dropUnused(claimId: string, mediaIds: string[]): Promise<void> {
    await this.db.query(DROP, [claimId, mediaIds]);
  }

  /** Lets the sweep of unclaimed media find the pictures at once. */
  async erase(claimIds: string[]): Promise<void> {
    await this.db.query(ERASE, [claimIds]);
  }

  async setAltTexts(claimId: string, altTexts: { mediaId: string; altText: string | null }[]): Promise<void> {
    await this.db.query(SET_ALT_TEXTS, [
      claimId,
      JSON.stringify(Object.fromEntries(altTexts.map(({ mediaId, altText }) => [mediaId, altText]))),
      altTexts.map(({ mediaId }) => mediaId),
    ]);
  }
}

// One statement, because every post waits for it. The rows are locked in the order of their ids, so two claims that share
// media never wait for each other in a circle; the condition is judged on the locked rows, so of two claims one wins.
// Claiming again makes an unconfirmed claim young again: its maker is at work.
const CLAIM = `
  with locked as (
    select ${MEDIA_COLUMNS}, claim_id as "claimId" from media where id = any($1::uuid[]) order by id for no key update
  ), judged as (
    select count(*) = $2::int and bool_and("ownerId" = $3::uuid and status = any($6::text[]) and coalesce("claimId" = $4::uuid, true)) as good from locked
  ), claimed as (
    update media set claim_id = $4, claim_purpose = $5, free_since = null, claim_hidden = claim_hidden and claim_id is not null,
      claim_version = case when claim_id is null then 0 else claim_version end,
      claimed_at = case when claim_confirmed_at is null then now() else claimed_at end
    where id = any(array(select id from locked)) and (select good from judged)
    returning id
  )
  select locked.*, claimed.id is not null as claimed from locked left join claimed using (id)`;

const UNCONFIRMED = `
  select claim_id as "claimId" from media
  where claim_purpose = $1 and claim_id is not null and claim_confirmed_at is null and claimed_at <= now() - make_interval(secs => $2)
  group by claim_id order by min(claimed_at), claim_id limit $3`;

const CONFIRM = `
  with locked as (select id from media where claim_id = any($1::uuid[]) and claim_confirmed_at is null order by id for no key update)
  update media set claim_confirmed_at = now() where id = any(array(select id from locked))`;

const RELEASE = `
  with locked as (
    select id from media where claim_id = any($1::uuid[]) and claim_confirmed_at is null and claimed_at <= now() - make_interval(secs => $2)
    order by id for no key update
  )
  update media set claim_id = null, claim_purpose = null, claimed_at = null, free_since = now() where id = any(array(select id from locked))`;

const ENDED = `claim_id = null, claim_purpose = null, claimed_at = null, claim_confirmed_at = null`;

const DROP = `
  with locked as (
    select id from media where claim_id = $1 and id <> all($2::uuid[]) order by id for no key update
  )
  update media set ${ENDED}, free_since = case status when 'READY' then now() end where id = any(array(select id from locked))`;

const ERASE = `
  with locked as (select id from media where claim_id = any($1::uuid[]) order by id for no key update)
  update media set ${ENDED}, free_since = case status when 'READY' then to_timestamp(0) end where id = any(array(select id from locked))`;

const SET_ALT_TEXTS = `
  with locked as (
    select id from media where id = any($3::uuid[]) and claim_id = $1 order by id for no key update
  )
  update media set alt_text = $2::jsonb ->> id::text where id = any(array(select id from locked))`;
