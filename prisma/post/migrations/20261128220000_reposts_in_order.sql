-- migrate:up
-- The reposts of a post are erased in the order of their ids, a few at a time: without this, each few would sort all of them.
drop index post_reposts;
create index post_reposts on post (repost_of, id) where repost_of is not null;

-- migrate:down
drop index post_reposts;
create index post_reposts on post (repost_of) where repost_of is not null;
