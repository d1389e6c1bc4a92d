-- migrate:up
-- Whom the texts of posts and comments mention. The name is that of then, in lower case: whoever has another one now stays mentioned.
-- Notified: the user was told of it, and is told when it ends.
create table mention (
  content_id uuid not null,
  name text not null,
  user_id uuid not null,
  post_id uuid not null,
  author_id uuid not null,
  notified boolean not null default false,
  primary key (content_id, name)
) with (vacuum_truncate = off);
create index mention_user on mention (user_id);
create index mention_author on mention (author_id);
create index mention_post on mention (post_id);
-- With some pages that stay, it is looked up by its keys from the first day.
insert into mention (content_id, name, user_id, post_id, author_id)
  select gen_random_uuid(), '', gen_random_uuid(), gen_random_uuid(), gen_random_uuid() from generate_series(1, 5000);
delete from mention;

-- migrate:down
drop table mention;
