-- Trends are ranked every minute from the latest uses: of each, this index has the hashtag and the author, so that no row is looked up. It is
-- partial for what it ranks, and so that no list of a hashtag is read by it.

-- migrate:up transaction:false
create index concurrently post_hashtag_recent on post_hashtag (created_at desc, hashtag, author_id) where counted;

-- migrate:down transaction:false
drop index concurrently post_hashtag_recent;
