import { Injectable } from '@nestjs/common';
import type { Reading } from '@fowergram/contracts-core';
import { Database, type Stretch, stretchOf } from '@fowergram/database';
import { isPostShownTo, isUnblocked } from '@fowergram/visibility';
import { type PlacedRow, selectPlacedIn } from '../posts/placed-posts.repository.js';
import { isNotTooSensitiveFor } from '../posts/sensitive-posts.rules.js';

@Injectable()
export class TaggedPostsRepository {
  constructor(private readonly db: Database) {}

  /** A stretch of the posts that show the user with their consent, latest tag first; where the account is private, others' posts are for its followers. */
  async ofUser(userId: string, viewerId: string | null, { from, size }: Reading): Promise<Stretch<PlacedRow>> {
    return stretchOf(await this.db.query<PlacedRow>(OF_USER, [viewerId, userId, from.at, from.id, size + 1]));
  }
}

// Tags that wait or were removed are looked at as well: no index leaves them out.
const OF_USER = selectPlacedIn(
  'tagged_user',
  'user_id = $2',
  `place.state = 'APPROVED' and ${isUnblocked('post.author_id', 'place.user_id')}
      and (post.author_id = place.user_id or ${isPostShownTo('$1', '$2', "'PUBLIC'")}) and ${isNotTooSensitiveFor('$1', 'post')}`,
);
