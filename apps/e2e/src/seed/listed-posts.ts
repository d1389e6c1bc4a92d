/**
 * What the trigger `post_is_made` writes of each post, for all posts of which it has written nothing yet, by the same functions. The accounts
 * of a crowd are public: `hashtag_is_used` would lock each of them, more than Postgres has room for. Plans know
 * nothing of rows that have just come: without nested loops, none of them reads a whole table for each post.
 */
export const LISTED_POSTS = {
  tables: ['post_search', 'post_hashtag', 'listed_post'],
  statements: [
    'set local enable_nestloop = off',
    `with listed as materialized (
       select id, author_id, created_at, created_at + heat(like_count) * interval '6 hours' as hot_at, hashtags, caption, language,
         folded_text(caption) as folded
       from post p
       where repost_of is null and state = 'PUBLISHED' and audience = 'PUBLIC' and hidden_reason is null
         and not exists (select from listed_post l where l.post_id = p.id)
     ), searched as (
       insert into post_search (post_id, author_id, created_at, words, beginning)
       select id, author_id, created_at, to_tsvector('simple', spaced_text(folded))
         || case when language is null then '' else stemmed_words(caption, language) end, left(folded, 100)
       from listed
     ), tagged as (
       insert into post_hashtag (post_id, hashtag, author_id, created_at, hot_at)
       select distinct id, unnest(hashtags) as hashtag, author_id, created_at, hot_at from listed
       returning hashtag
     ), counted as (
       insert into hashtag_counter (hashtag, post_count) select hashtag, count(*) from tagged group by hashtag
       on conflict (hashtag) do update set post_count = hashtag_counter.post_count + excluded.post_count
     )
     insert into listed_post (post_id, author_id, hot_at) select id, author_id, hot_at from listed`,
  ],
};
