-- migrate:up
-- Whom the author of a post has invited to be its author, too. Whoever has declined stays here, so that they are not invited again. The
-- post and its author do not change, and are here for the lists and for blocks.
create table co_author (
  post_id uuid not null,
  user_id uuid not null,
  author_id uuid not null,
  state text not null check (state in ('INVITED', 'ACCEPTED', 'DECLINED')),
  created_at timestamptz(3) not null,
  post_created_at timestamptz(3) not null,
  primary key (post_id, user_id)
) with (vacuum_truncate = off);
create index co_author_newest on co_author (user_id, state, created_at desc, post_id desc);
create index co_author_posts on co_author (user_id, post_created_at desc, post_id desc) where state = 'ACCEPTED';
create index co_author_of_author on co_author (author_id, user_id);

-- With some pages that stay, it is looked up by its keys from the first day.
insert into co_author (post_id, user_id, author_id, state, created_at, post_created_at)
  select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'INVITED', now(), now() from generate_series(1, 5000);
delete from co_author;

-- Those who have accepted, in that order, and whether anybody ever has: nearly no post was shared.
alter table post
  add column co_author_ids uuid[] not null default '{}',
  add column was_shared boolean not null default false;

-- A post counts for its co-authors while it is published, whatever statement changes that. Nothing is counted of who is being erased.
create function count_co_authors() returns trigger language plpgsql as $$
declare
  before uuid[] := case when old.state = 'PUBLISHED' then old.co_author_ids else '{}' end;
  after uuid[] := case when new.state = 'PUBLISHED' then new.co_author_ids else '{}' end;
begin
  insert into author_counter_delta (author_id, posts)
    select id, posts from (
      select id, -1 as posts from unnest(before) id where id <> all(after)
      union all
      select id, 1 from unnest(after) id where id <> all(before)
    ) change
    where not exists (select from erased_user where user_id = change.id);
  return null;
end $$;
create trigger post_has_co_authors after update of state, co_author_ids on post for each row
  when (new.was_shared and (old.state, old.co_author_ids) is distinct from (new.state, new.co_author_ids))
  execute function count_co_authors();

-- migrate:down
drop trigger post_has_co_authors on post;
drop function count_co_authors;
alter table post drop column co_author_ids, drop column was_shared;
drop table co_author;
