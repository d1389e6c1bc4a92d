import { Injectable } from '@nestjs/common';
import type { ContentMentions } from '@fowergram/contracts-post';
import type { Mention } from '@fowergram/contracts-user';
import { Database, one, type Tx } from '@fowergram/database';
import { mutesWords } from '@fowergram/visibility';
import { isCommentShownTo } from '../comments/visible-comments.rules.js';
import { isVisiblePost } from '../posts/visible-posts.rules.js';

/** A post, or a comment under it, and whom its text mentions. */
export interface Mentioning {
  postId: string;
  /** The author of the post. */
  authorId: string;
  commentId: string | null;
  mentionerId: string;
}

/** Somebody who is to be notified that they are mentioned. */
export interface Mentioned {
  userId: string;
  mutesWords: boolean;
}

@Injectable()
export class MentionsRepository {
  constructor(private readonly db: Database) {}

  async ofContents(ids: string[]): Promise<ContentMentions[]> {
    return this.db.query<ContentMentions>(OF_CONTENTS, [ids]);
  }

  /** Adds whom the text mentions now; a name that is stored keeps its user. */
  async add(tx: Tx, { postId, commentId, mentionerId }: Mentioning, mentions: Mention[]): Promise<void> {
    const [names, userIds] = [mentions.map(({ name }) => name), mentions.map(({ userId }) => userId)];
    await tx.query(ADD, [commentId ?? postId, names, userIds, postId, mentionerId]);
  }

  /** Removes what the text does not mention any more; answers those who were notified and are mentioned under no other name. */
  async keepOnly(tx: Tx, contentId: string, names: string[]): Promise<string[]> {
    return (await tx.query<{ userId: string }>(KEEP_ONLY, [contentId, names])).map(({ userId }) => userId);
  }

  /** Marks as notified those who see the post or comment and were not yet, and answers them; nobody is notified of their own text. */
  notify(tx: Tx, { postId, commentId }: Mentioning): Promise<Mentioned[]> {
    return commentId === null
      ? tx.query<Mentioned>(NOTIFY_OF_POST, [postId])
      : tx.query<Mentioned>(NOTIFY_OF_COMMENT, [commentId]);
  }

  /** The number of a change among those of the same edge. */
  async nextVersion(tx: Tx): Promise<number> {
    return one(await tx.query<{ version: number }>(`select nextval('edge_version') as version`, [])).version;
  }
}

const OF_CONTENTS = `
  select content_id as "contentId", json_agg(json_build_object('name', name, 'userId', user_id)) as mentions
  from mention where content_id = any($1::uuid[]) group by content_id`;

// In the order of the users, whose locks two writers then take in one order.
const ADD = `
  insert into mention (content_id, name, user_id, post_id, author_id)
  select $1::uuid, given.name, given.user_id, $4::uuid, $5::uuid
  from (select * from unnest($2::text[], $3::uuid[]) as g (name, user_id) order by user_id, name) given
  where may_write(given.user_id)
  on conflict do nothing`;

const KEEP_ONLY = `
  with gone as (
    delete from mention where content_id = $1
      and name = any(array(select name from mention where content_id = $1 and name <> all($2::text[])))
    returning user_id, notified
  )
  select distinct user_id as "userId" from gone
  where notified and not exists (
    select from mention m where m.content_id = $1 and m.name = any($2::text[]) and m.user_id = gone.user_id
  )`;

const notify = (addressees: string): string => `
  with notified as (
    update mention set notified = true where content_id = $1 and name = any(array(
      select m.name from mention m ${addressees} and m.content_id = $1 and not m.notified and m.user_id <> m.author_id
    ))
    returning user_id
  )
  select distinct notified.user_id as "userId", ${mutesWords('notified.user_id')} as "mutesWords" from notified`;

// The author of what is passed on is notified of the repost itself.
const NOTIFY_OF_POST = notify(`join post p on p.id = m.post_id where ${isVisiblePost('m.user_id', 'p')}
    and m.user_id is distinct from (select author_id from post where id = p.repost_of)`);

// The author of the post is notified of the comment itself, and whom it answers of the reply.
const NOTIFY_OF_COMMENT = notify(`
  join comment c on c.id = m.content_id join post p on p.id = c.post_id
  where c.deleted_at is null and m.user_id <> p.author_id
    and m.user_id is distinct from (select author_id from comment where id = c.parent_id) and ${isVisiblePost('m.user_id', 'p')} and ${isCommentShownTo('m.user_id')}`);
