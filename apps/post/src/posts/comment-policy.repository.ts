import { Injectable } from '@nestjs/common';
import type { CommentPolicy } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';

@Injectable()
export class CommentPolicyRepository {
  /** Says who may comment a post from now on. */
  async set(tx: Tx, postId: string, policy: CommentPolicy): Promise<void> {
    await tx.query(SET, [postId, policy === 'NOBODY', policy === 'FOLLOWERS']);
  }
}

const SET = 'update post set comments_disabled = $2, comments_for_followers = $3 where id = $1';
