const take = (table: string): string =>
  `delete from ${table} where id <= (select max(id) from (select id from ${table} order by id limit 5000) page)`;

// The sums are looked up in a map: a join, planned while the tables were small, would go through one of them for each row of the other.
/** Moves a batch of deltas of posts, of whatever is counted of them, into the posts. */
export const AGGREGATE_POSTS = `
  with taken as (
    ${take('post_counter_delta')} returning post_id, likes, comments, saves, reposts
  ), sums as (
    select post_id, sum(likes) as likes, sum(comments) as comments, sum(saves) as saves, sum(reposts) as reposts
    from taken group by post_id
  ), map as (
    select jsonb_object_agg(post_id, likes) as likes, jsonb_object_agg(post_id, comments) as comments, jsonb_object_agg(post_id, saves) as saves,
      jsonb_object_agg(post_id, reposts) as reposts
    from sums
  ), stored as (
    update post set
      like_count = like_count + ((select likes from map) ->> id::text)::integer,
      comment_count = comment_count + ((select comments from map) ->> id::text)::integer,
      save_count = save_count + ((select saves from map) ->> id::text)::integer,
      repost_count = repost_count + ((select reposts from map) ->> id::text)::integer
    where id = any(array(select post_id from sums))
  )
  select count(*)::integer as aggregated from taken`;

/** Moves a batch of like and reply deltas into the comments. */
export const AGGREGATE_COMMENTS = `
  with taken as (
    ${take('comment_counter_delta')} returning comment_id, likes, replies
  ), sums as (
    select comment_id, sum(likes) as likes, sum(replies) as replies from taken group by comment_id
  ), map as (
    select jsonb_object_agg(comment_id, likes) as likes, jsonb_object_agg(comment_id, replies) as replies from sums
  ), stored as (
    update comment set
      like_count = like_count + ((select likes from map) ->> id::text)::integer,
      reply_count = reply_count + ((select replies from map) ->> id::text)::integer
    where id = any(array(select comment_id from sums))
  )
  select count(*)::integer as aggregated from taken`;

/** Moves a batch of post deltas into the counters of their authors. */
export const AGGREGATE_AUTHORS = `
  with taken as (
    ${take('author_counter_delta')} returning author_id, posts
  ), sums as (
    select author_id, sum(posts) as posts from taken group by author_id
  ), stored as (
    insert into author_counter (author_id, post_count) select author_id, posts from sums
    on conflict (author_id) do update set post_count = author_counter.post_count + excluded.post_count
  )
  select count(*)::integer as aggregated from taken`;

/** Moves a batch of the deltas of hashtags into their counters. */
export const AGGREGATE_HASHTAGS = `
  with taken as (
    ${take('hashtag_counter_delta')} returning hashtag, posts
  ), sums as (
    select hashtag, sum(posts) as posts from taken group by hashtag
  ), stored as (
    insert into hashtag_counter (hashtag, post_count) select hashtag, posts from sums
    on conflict (hashtag) do update set post_count = hashtag_counter.post_count + excluded.post_count
  )
  select count(*)::integer as aggregated from taken`;
