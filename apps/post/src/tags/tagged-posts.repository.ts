import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import { Database } from '@fowergram/database';
import { isPostShownTo, isUnblocked } from '@fowergram/visibility';
import { isNotTooSensitiveFor } from '../posts/sensitive-posts.rules.js';
import { listOfPlaced, type PlacedPost, type PlacedRow, toPlaced } from '../saves/placed-posts.repository.js';

@Injectable()
export class TaggedPostsRepository {
  constructor(private readonly db: Database) {}

  /** Posts after a position that show the user with their consent, latest tag first; where the account is private, others' posts are for its followers. */
  async ofUser(userId: string, viewerId: string | null, after: Position, limit: number): Promise<PlacedPost[]> {
    const values = [viewerId, userId, after.at, after.id, limit];
    return (await this.db.query<PlacedRow>(OF_USER, values)).map(toPlaced);
  }
}

const OF_USER = listOfPlaced(
  'tagged_user',
  'user_id',
  `place.state = 'APPROVED' and ${isUnblocked('post.author_id', 'place.user_id')}
      and (post.author_id = place.user_id or ${isPostShownTo('$1', '$2', "'PUBLIC'")}) and ${isNotTooSensitiveFor('$1', 'post')}`,
);
