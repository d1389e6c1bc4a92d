/** Moves a batch of like and comment deltas into the posts. */
export const AGGREGATE_POSTS = `
  with taken as (
    delete from post_counter_delta
    where id in (select id from post_counter_delta order by id limit 5000)
    returning post_id, likes, comments
  ), sums as (
    select post_id, sum(likes) as likes, sum(comments) as comments from taken group by post_id
  ), stored as (
    update post p set like_count = p.like_count + s.likes, comment_count = p.comment_count + s.comments
    from sums s where p.id = s.post_id
  )
  select count(*)::integer as aggregated from taken`;

/** Moves a batch of post deltas into the counters of their authors. */
export const AGGREGATE_AUTHORS = `
  with taken as (
    delete from author_counter_delta
    where id in (select id from author_counter_delta order by id limit 5000)
    returning author_id, posts
  ), sums as (
    select author_id, sum(posts) as posts from taken group by author_id
  ), stored as (
    insert into author_counter (author_id, post_count) select author_id, posts from sums
    on conflict (author_id) do update set post_count = author_counter.post_count + excluded.post_count
  )
  select count(*)::integer as aggregated from taken`;
