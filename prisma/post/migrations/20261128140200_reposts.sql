-- migrate:up
-- A post that passes another one on, which is never a repost itself.
alter table post
  add column repost_of uuid,
  add column repost_count integer not null default 0;
alter table post_counter_delta add column reposts integer not null default 0;

-- Once by each user, and what the erasure of a post takes with it.
create unique index post_repost on post (repost_of, author_id) where repost_of is not null and state <> 'DELETED';
create index post_reposts on post (repost_of) where repost_of is not null;
create index post_reposts_by_author on post (author_id, created_at desc, id desc) where repost_of is not null and state = 'PUBLISHED';

-- Found by hashtags, in explore and by searches is what is passed on, and no repost of it.
drop trigger post_is_made on post;
drop trigger post_is_changed on post;
drop trigger post_is_gone on post;
create trigger post_is_made after insert on post for each row
  when (new.repost_of is null and new.state = 'PUBLISHED' and new.audience = 'PUBLIC') execute function follow_post();
create trigger post_is_changed after update of state, audience, hidden_reason, caption, hashtags, created_at on post for each row
  when (new.repost_of is null and (old.state, old.audience, old.hidden_reason, old.caption, old.hashtags, old.created_at)
    is distinct from (new.state, new.audience, new.hidden_reason, new.caption, new.hashtags, new.created_at))
  execute function follow_post();
create trigger post_is_gone after delete on post for each row
  when (old.repost_of is null and old.state = 'PUBLISHED' and old.audience = 'PUBLIC') execute function follow_post();

-- migrate:down
drop trigger post_is_made on post;
drop trigger post_is_changed on post;
drop trigger post_is_gone on post;
create trigger post_is_made after insert on post for each row
  when (new.state = 'PUBLISHED' and new.audience = 'PUBLIC') execute function follow_post();
create trigger post_is_changed after update of state, audience, hidden_reason, caption, hashtags, created_at on post for each row
  when ((old.state, old.audience, old.hidden_reason, old.caption, old.hashtags, old.created_at)
    is distinct from (new.state, new.audience, new.hidden_reason, new.caption, new.hashtags, new.created_at))
  execute function follow_post();
create trigger post_is_gone after delete on post for each row
  when (old.state = 'PUBLISHED' and old.audience = 'PUBLIC') execute function follow_post();
drop index post_reposts_by_author;
drop index post_reposts;
drop index post_repost;
alter table post_counter_delta drop column reposts;
alter table post drop column repost_of, drop column repost_count;
