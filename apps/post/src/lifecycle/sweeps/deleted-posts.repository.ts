import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';
import { RESTORABLE_DAYS } from '../../posts/post-state.rules.js';

export interface ExpiredPost {
  id: string;
  authorId: string;
  claimId: string;
}

@Injectable()
export class DeletedPostsRepository {
  constructor(private readonly db: Database) {}

  /** Posts that were deleted so long ago that nobody can restore them any more. */
  async expired(limit: number): Promise<ExpiredPost[]> {
    return this.db.query<ExpiredPost>(EXPIRED, [limit]);
  }

  /** Those of the posts that no other replica, and no erasure of their author, is removing; they are this transaction's. */
  async take(tx: Tx, ids: string[]): Promise<string[]> {
    return (await tx.query<{ id: string }>(TAKE, [ids])).map(({ id }) => id);
  }

  async remove(tx: Tx, ids: string[]): Promise<void> {
    await tx.query('delete from post where id = any($1::uuid[])', [ids]);
  }
}

// An hour later than the last restoration, which began in time.
const EXPIRED = `
  select id, author_id as "authorId", claim_id as "claimId" from post
  where state = 'DELETED' and deleted_at < now() - interval '${RESTORABLE_DAYS} days 1 hour' order by deleted_at limit $1`;

const TAKE = `select id from post where id = any($1::uuid[]) order by id for update skip locked`;
