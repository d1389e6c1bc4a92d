import { Injectable } from '@nestjs/common';
import type { PersonTag, PostTags, TagState } from '@fowergram/contracts-post';
import { Database, one, type Tx } from '@fowergram/database';
import { isShown, isUnblocked } from '@fowergram/visibility';
import { isVisiblePost } from '../posts/visible-posts.rules.js';

/** A post and its author. */
export interface TaggedPost {
  postId: string;
  authorId: string;
}

@Injectable()
export class TagsRepository {
  constructor(private readonly db: Database) {}

  /** Serializes what is done to the tags of a post until the transaction ends. */
  async lock(tx: Tx, postId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('tags:' || $1, 0))`, [postId]);
  }

  /** Tags these users and nobody else; answers those who were notified and are tagged no more. Who has removed themselves stays so. */
  async replace(tx: Tx, { postId, authorId }: TaggedPost, tags: PersonTag[], at: Date): Promise<string[]> {
    const userIds = [...new Set(tags.map(({ userId }) => userId))];
    const gone = await tx.query<{ userId: string }>(KEEP_ONLY, [postId, userIds]);
    await tx.query('delete from person_tag where post_id = $1', [postId]);
    await tx.query(ADD_USERS, [postId, authorId, userIds, at]);
    await tx.query(ADD_TAGS, [
      postId,
      tags.map(({ mediaId }) => mediaId),
      tags.map(({ userId }) => userId),
      tags.map(({ x }) => x),
      tags.map(({ y }) => y),
    ]);
    return gone.map(({ userId }) => userId);
  }

  /** Marks as notified those who see the post and were not yet, and answers them. */
  async notify(tx: Tx, postId: string): Promise<string[]> {
    return (await tx.query<{ userId: string }>(NOTIFY, [postId])).map(({ userId }) => userId);
  }

  /** The tag of a user in a post; undefined when they are not tagged. */
  async find(tx: Tx, postId: string, userId: string): Promise<{ authorId: string; state: TagState } | undefined> {
    return (await tx.query<{ authorId: string; state: TagState }>(FIND, [postId, userId]))[0];
  }

  async approve(tx: Tx, postId: string, userId: string): Promise<void> {
    await tx.query(APPROVE, [postId, userId]);
  }

  async remove(tx: Tx, postId: string, userId: string): Promise<void> {
    await tx.query(REMOVE, [postId, userId]);
    await tx.query('delete from person_tag where post_id = $1 and user_id = $2', [postId, userId]);
  }

  ofPosts(postIds: string[], viewerId: string | null): Promise<PostTags[]> {
    return this.db.query<PostTags>(OF_POSTS, [postIds, viewerId]);
  }

  /** The number of a change among those of the same edge. */
  async nextVersion(tx: Tx): Promise<number> {
    return one(await tx.query<{ version: number }>(`select nextval('edge_version') as version`, [])).version;
  }
}

const KEEP_ONLY = `
  with gone as (
    delete from tagged_user where post_id = $1 and user_id = any(array(
      select user_id from tagged_user where post_id = $1 and state <> 'REMOVED' and user_id <> all($2::uuid[])
    ))
    returning user_id, notified
  )
  select user_id as "userId" from gone where notified`;

// In the order of the users, whose locks two writers then take in one order. Authors need not ask themselves.
const ADD_USERS = `
  insert into tagged_user (post_id, user_id, state, created_at)
  select $1::uuid, given.id, case when given.id <> $2::uuid and (
      select approves_tags from content_preferences where user_id = given.id limit 1
    ) then 'PENDING' else 'APPROVED' end, $4::timestamptz
  from (select id from unnest($3::uuid[]) id order by id) given
  where may_write(given.id)
  on conflict do nothing`;

const ADD_TAGS = `
  insert into person_tag (post_id, media_id, user_id, x, y)
  select $1::uuid, given.media_id, given.user_id, given.x, given.y
  from unnest($2::uuid[], $3::uuid[], $4::double precision[], $5::double precision[]) as given (media_id, user_id, x, y)
  where (select state from tagged_user where post_id = $1::uuid and user_id = given.user_id) <> 'REMOVED'`;

const NOTIFY = `
  update tagged_user set notified = true where post_id = $1 and user_id = any(array(
    select t.user_id from tagged_user t join post p on p.id = t.post_id
    where t.post_id = $1 and t.state <> 'REMOVED' and not t.notified and t.user_id <> p.author_id and ${isVisiblePost('t.user_id', 'p')}
  ))
  returning user_id as "userId"`;

const FIND = `
  select p.author_id as "authorId", t.state from tagged_user t join post p on p.id = t.post_id where t.post_id = $1 and t.user_id = $2`;

const APPROVE = `update tagged_user set state = 'APPROVED' where post_id = $1 and user_id = $2 and state = 'PENDING'`;

const REMOVE = `update tagged_user set state = 'REMOVED', notified = false where post_id = $1 and user_id = $2`;

/** What is between author and tagged user counts for everybody. */
const IS_SHOWN = `t.state = 'APPROVED' and ${isShown('t.user_id')} and ${isUnblocked('p.author_id', 't.user_id')}`;

const OF_POSTS = `
  select t.post_id as "postId", max(t.state) filter (where t.user_id = $2::uuid) as "viewerState",
    coalesce(json_agg(
      json_build_object('mediaId', g.media_id, 'userId', g.user_id, 'x', g.x, 'y', g.y) order by g.media_id, g.x, g.y, g.user_id
    ) filter (where g.user_id is not null and ${IS_SHOWN}), '[]') as tags
  from tagged_user t join post p on p.id = t.post_id left join person_tag g on g.post_id = t.post_id and g.user_id = t.user_id
  where t.post_id = any($1::uuid[]) group by t.post_id`;
