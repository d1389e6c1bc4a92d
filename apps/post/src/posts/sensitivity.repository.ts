import { Injectable } from '@nestjs/common';
import type { Sensitivity } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';

@Injectable()
export class SensitivityRepository {
  /** Marks a post as sensitive, with the words in front of it, or as not. */
  async set(tx: Tx, postId: string, { isSensitive, contentWarning }: Sensitivity): Promise<void> {
    await tx.query('update post set is_sensitive = $2, content_warning = $3 where id = $1', [
      postId,
      isSensitive,
      contentWarning,
    ]);
  }
}
