import { Injectable } from '@nestjs/common';
import { Replicas, type Tx } from '@fowergram/database';
import { atErasedUser } from '../relationships/relationships.rules.js';
import { SUGGESTIONS } from './suggestions.sql.js';
import type { Suggestion } from './suggestions.rules.js';

@Injectable()
export class SuggestionsRepository {
  constructor(private readonly replicas: Replicas) {}

  /** Those behind this one, in the order of the list. */
  list(viewerId: string, { overlap, id }: Suggestion, limit: number): Promise<Suggestion[]> {
    return this.replicas.query<Suggestion>(SUGGESTIONS, [viewerId, overlap, id, limit]);
  }

  /** Throws NOT_FOUND when one of the two is erased at this moment. */
  async dismiss(tx: Tx, viewerId: string, dismissedId: string): Promise<void> {
    try {
      await tx.query(DISMISS, [viewerId, dismissedId]);
    } catch (error) {
      throw atErasedUser(error, ENDS);
    }
  }

  /** Purges the oldest over what is remembered. */
  async trim(tx: Tx, viewerId: string, length: number): Promise<void> {
    await tx.query(TRIM, [viewerId, length]);
  }
}

const ENDS = { dismissed_suggestion_user_id_fkey: 'viewerId', dismissed_suggestion_dismissed_id_fkey: 'dismissedId' };

const DISMISS = `
  insert into dismissed_suggestion (user_id, dismissed_id, created_at) values ($1, $2, clock_timestamp())
  on conflict do nothing`;

const TRIM = `
  delete from dismissed_suggestion where user_id = $1 and dismissed_id = any(array(
    select dismissed_id from dismissed_suggestion where user_id = $1
    order by created_at desc, dismissed_id desc offset $2))`;
