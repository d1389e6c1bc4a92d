import { Injectable } from '@nestjs/common';
import type { Tx } from '@fowergram/database';

/** A post that passes on another one, and whose the two are. */
export interface Repost {
  repostId: string;
  reposterId: string;
  postId: string;
  authorId: string;
}

/** What posts pass on, as far as notifications ask for it. */
@Injectable()
export class RepostsRepository {
  /** Stores a repost, unless it is known, gone, or of somebody who is being erased; the recipients are locked. */
  async store(tx: Tx, { repostId, reposterId, postId, authorId }: Repost): Promise<void> {
    await tx.query(STORE, [repostId, reposterId, postId, authorId]);
  }

  async remove(tx: Tx, repostId: string): Promise<void> {
    await tx.query('delete from repost where post_id = $1', [repostId]);
  }
}

const STORE = `
  insert into repost (post_id, reposter_id, original_id, author_id)
  select $1::uuid, $2::uuid, $3::uuid, $4::uuid
  where not exists (select from deleted_post where post_id = $1::uuid)
    and not exists (select from erased_user where user_id = any(array[$2::uuid, $4::uuid]))
  on conflict do nothing`;
