import { Injectable } from '@nestjs/common';
import type { Position, Reading } from '@fowergram/contracts-core';
import type { Collection } from '@fowergram/contracts-post';
import { Database, newId, one, type Stretch, stretchOf, type Tx } from '@fowergram/database';
import { type PlacedRow, selectPlacedIn } from '../posts/placed-posts.repository.js';
import type { Writer } from '../posts/posts.repository.js';
import type { SaveEdge } from './saves.repository.js';

interface CollectionRow {
  id: string;
  ownerId: string;
  name: string;
  createdAt: Date;
}

@Injectable()
export class CollectionsRepository {
  constructor(private readonly db: Database) {}

  /** Makes every change of this user's collections wait for its turn; false when the user may not write any more. */
  async lock(tx: Tx, userId: string): Promise<boolean> {
    return one(await tx.query<Writer>(LOCK, [`collections:${userId}`, userId])).mayWrite;
  }

  /** Keeps a collection from being deleted until the transaction ends; false when the user has no such collection. */
  async lockShared(tx: Tx, id: string, userId: string): Promise<boolean> {
    return (
      (await tx.query('select 1 as there from collection where id = $1 and owner_id = $2 for share', [id, userId]))
        .length > 0
    );
  }

  async count(tx: Tx, userId: string): Promise<number> {
    return one(await tx.query<{ count: number }>(COUNT, [userId])).count;
  }

  async insert(tx: Tx, userId: string, name: string, at: Date): Promise<Collection> {
    return toCollection(one(await tx.query<CollectionRow>(INSERT, [newId(), userId, name, at])));
  }

  /** Undefined when the user has no such collection. */
  async rename(tx: Tx, id: string, userId: string, name: string): Promise<Collection | undefined> {
    return (await tx.query<CollectionRow>(RENAME, [id, userId, name])).map(toCollection)[0];
  }

  /** Removes the user's collection with what was put into it, which stays saved. */
  async remove(tx: Tx, id: string, userId: string): Promise<void> {
    const gone = await tx.query('delete from collection where id = $1 and owner_id = $2 returning 1 as gone', [
      id,
      userId,
    ]);
    if (gone.length > 0) await tx.query(EMPTY, [id]);
  }

  /** Puts a saved post into a collection of the same user; nothing happens where it is in there. */
  async put(tx: Tx, collectionId: string, { postId, userId }: SaveEdge, at: Date): Promise<void> {
    await tx.query(PUT, [collectionId, postId, userId, at]);
  }

  async takeOut(tx: Tx, collectionId: string, postId: string): Promise<void> {
    await tx.query('delete from collection_post where collection_id = $1 and post_id = $2', [collectionId, postId]);
  }

  /** The user's collections after a position, newest first. */
  async ofOwner(userId: string, after: Position, limit: number): Promise<Collection[]> {
    return (await this.db.query<CollectionRow>(OF_OWNER, [userId, after.at, after.id, limit])).map(toCollection);
  }

  async byIds(userId: string, ids: string[]): Promise<Collection[]> {
    return (await this.db.query<CollectionRow>(BY_IDS, [userId, ids])).map(toCollection);
  }

  /** How much is in the user's collections, whether they may see it now or not. */
  postCounts(userId: string, ids: string[]): Promise<{ id: string; postCount: number }[]> {
    return this.db.query(POST_COUNTS, [userId, ids]);
  }

  /** A stretch of what is in a collection, as far as the viewer may see it, what was put there last first. */
  async posts(collectionId: string, viewerId: string, { from, size }: Reading): Promise<Stretch<PlacedRow>> {
    return stretchOf(await this.db.query<PlacedRow>(POSTS, [viewerId, collectionId, from.at, from.id, size + 1]));
  }
}

const COLUMNS = 'id, owner_id as "ownerId", name, created_at as "createdAt"';

const LOCK = 'select pg_advisory_xact_lock(hashtextextended($1, 0)), may_write($2) as "mayWrite"';

const COUNT = 'select count(*)::integer as count from collection where owner_id = $1';

const INSERT = `insert into collection (id, owner_id, name, created_at) values ($1, $2, $3, $4) returning ${COLUMNS}`;

const RENAME = `update collection set name = $3 where id = $1 and owner_id = $2 returning ${COLUMNS}`;

// In the order in which the erasure of posts takes them, too: the two never wait for each other.
const EMPTY = `
  delete from collection_post where ctid = any(array(
    select ctid from collection_post where collection_id = $1 order by post_id for update
  ))`;

const PUT = `
  insert into collection_post (collection_id, post_id, owner_id, created_at) values ($1, $2, $3, $4) on conflict do nothing`;

const OF_OWNER = `
  select ${COLUMNS} from collection
  where owner_id = $1 and (created_at, id) < ($2::timestamptz, $3::uuid)
  order by created_at desc, id desc limit $4`;

const BY_IDS = `select ${COLUMNS} from collection where owner_id = $1 and id = any($2::uuid[])`;

const POST_COUNTS = `
  select c.id, p.posts as "postCount"
  from collection c
  cross join lateral (select count(*)::integer as posts from collection_post where collection_id = c.id) p
  where c.owner_id = $1 and c.id = any($2::uuid[])`;

const POSTS = selectPlacedIn('collection_post', 'collection_id = $2');

const toCollection = ({ createdAt, ...row }: CollectionRow): Collection => ({
  ...row,
  createdAt: createdAt.toISOString(),
});
