import { type Counter, counter, keysOf, NIL_ID } from '@fowergram/counters';

// What hangs on a deleted post is erased with it, and no longer counted.
const POSTS = keysOf('post', 'id', 'deleted_at is null');

// The number of a post with no row yet is 0, and of an account that is being erased nothing is counted any more.
const AUTHORS = `
  select key from (
    (select author_id as key from author_counter where author_id > $1 order by author_id limit $2)
    union
    (select distinct author_id as key from post where author_id > $1 and state = 'PUBLISHED' order by author_id limit $2)
    union
    (select distinct user_id as key from co_author where user_id > $1 and state = 'ACCEPTED' order by user_id limit $2)
  ) author where not exists (select from erased_user where user_id = key) order by key limit $2`;

// Of a hashtag without a row yet nothing is stored.
const HASHTAGS = `
  select key from (
    (select hashtag as key from hashtag_counter where hashtag > $1 order by hashtag limit $2)
    union
    (select distinct hashtag as key from post_hashtag where hashtag > $1 order by hashtag limit $2)
  ) hashtag order by key limit $2`;

// Those that they have published, and those of which they are a co-author.
const PUBLISHED = `
  select count(*) from (
    select id from post where author_id = page.key and repost_of is null and state = 'PUBLISHED'
    union all
    select shared.id from co_author
      cross join lateral (select id from post where id = co_author.post_id and state = 'PUBLISHED' limit 1) shared
    where co_author.user_id = page.key and co_author.state = 'ACCEPTED'
  ) published`;

/** Every counter that this service stores; a test compares the list with the tables. */
export const COUNTERS: Counter[] = [
  counter({
    table: 'post',
    column: 'like_count',
    key: 'id',
    delta: 'post_counter_delta',
    deltaKey: 'post_id',
    deltaColumn: 'likes',
    keys: POSTS,
    after: NIL_ID,
    edges: 'select count(*) from post_like where post_id = page.key',
  }),
  counter({
    table: 'post',
    column: 'comment_count',
    key: 'id',
    delta: 'post_counter_delta',
    deltaKey: 'post_id',
    deltaColumn: 'comments',
    keys: POSTS,
    after: NIL_ID,
    edges: 'select count(*) from comment where post_id = page.key and deleted_at is null',
  }),
  counter({
    table: 'post',
    column: 'save_count',
    key: 'id',
    delta: 'post_counter_delta',
    deltaKey: 'post_id',
    deltaColumn: 'saves',
    keys: POSTS,
    after: NIL_ID,
    edges: 'select count(*) from saved_post where post_id = page.key',
  }),
  counter({
    table: 'comment',
    column: 'like_count',
    key: 'id',
    delta: 'comment_counter_delta',
    deltaKey: 'comment_id',
    deltaColumn: 'likes',
    keys: keysOf('comment', 'id', 'deleted_at is null'),
    after: NIL_ID,
    edges: 'select count(*) from comment_like where comment_id = page.key',
  }),
  counter({
    table: 'comment',
    column: 'reply_count',
    key: 'id',
    delta: 'comment_counter_delta',
    deltaKey: 'comment_id',
    deltaColumn: 'replies',
    keys: keysOf('comment', 'id', 'top_id is null and (deleted_at is null or placeholder)'),
    after: NIL_ID,
    edges: 'select count(*) from comment where top_id = page.key and deleted_at is null',
  }),
  counter({
    table: 'post',
    column: 'repost_count',
    key: 'id',
    delta: 'post_counter_delta',
    deltaKey: 'post_id',
    deltaColumn: 'reposts',
    keys: POSTS,
    after: NIL_ID,
    edges: "select count(*) from post repost where repost_of = page.key and state = 'PUBLISHED'",
  }),
  counter({
    table: 'author_counter',
    column: 'post_count',
    key: 'author_id',
    delta: 'author_counter_delta',
    deltaKey: 'author_id',
    deltaColumn: 'posts',
    keys: AUTHORS,
    after: NIL_ID,
    edges: PUBLISHED,
  }),
  counter({
    table: 'hashtag_counter',
    column: 'post_count',
    key: 'hashtag',
    delta: 'hashtag_counter_delta',
    deltaKey: 'hashtag',
    deltaColumn: 'posts',
    keys: HASHTAGS,
    after: '',
    edges: 'select count(*) from post_hashtag where hashtag = page.key and counted',
  }),
];
