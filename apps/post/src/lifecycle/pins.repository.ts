import { Injectable } from '@nestjs/common';
import type { Post } from '@fowergram/contracts-post';
import { Database, one, type Tx } from '@fowergram/database';
import { type PostRow, selectPosts, toPost } from '../posts/post-rows.repository.js';
import { isVisiblePost } from '../posts/visible-posts.rules.js';

/** How many posts an author can pin. */
export const MAX_PINS = 3;

@Injectable()
export class PinsRepository {
  constructor(private readonly db: Database) {}

  /** Lets the author pin one post after the other. */
  async lock(tx: Tx, authorId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0)) as locked', [`pins:${authorId}`]);
  }

  /** Whether there is room for one more besides this one. */
  async hasRoom(tx: Tx, authorId: string, postId: string): Promise<boolean> {
    return one(await tx.query<{ hasRoom: boolean }>(HAS_ROOM, [authorId, postId, MAX_PINS])).hasRoom;
  }

  /** Pins a locked post; one that is pinned keeps its place. */
  async pin(tx: Tx, postId: string, at: Date): Promise<void> {
    await tx.query('update post set pinned_at = $2, version = version + 1 where id = $1 and pinned_at is null', [
      postId,
      at,
    ]);
  }

  async unpin(tx: Tx, postId: string): Promise<void> {
    await tx.query('update post set pinned_at = null, version = version + 1 where id = $1 and pinned_at is not null', [
      postId,
    ]);
  }

  /** What the viewer sees of the authors' pinned posts, latest pin first. */
  async pinned(viewerId: string | null, authorIds: string[]): Promise<Post[]> {
    return (await this.db.query<PostRow>(PINNED, [viewerId, authorIds])).map(toPost);
  }
}

const HAS_ROOM = `
  select count(*) < $3::bigint as "hasRoom" from post where author_id = $1 and pinned_at is not null and id <> $2`;

const PINNED = `${selectPosts(`(
    select * from post where author_id = any($2::uuid[]) and pinned_at is not null and ${isVisiblePost('$1', 'post')}
  ) p`)}
  order by p.pinned_at desc`;
