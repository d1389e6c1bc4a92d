-- migrate:up
-- Who is tagged in which post, with their consent, which is for all of its pictures. Whoever has removed themselves stays here, so that
-- they are not tagged again. Notified: the user was notified of it.
create table tagged_user (
  post_id uuid not null,
  user_id uuid not null,
  state text not null check (state in ('PENDING', 'APPROVED', 'REMOVED')),
  notified boolean not null default false,
  created_at timestamptz(3) not null,
  primary key (post_id, user_id)
) with (vacuum_truncate = off);
create index tagged_user_newest on tagged_user (user_id, created_at desc, post_id desc);

-- Where in the pictures they are.
create table person_tag (
  post_id uuid not null,
  media_id uuid not null,
  user_id uuid not null,
  x double precision not null check (x >= 0 and x <= 1),
  y double precision not null check (y >= 0 and y <= 1),
  primary key (post_id, user_id, media_id),
  foreign key (post_id, user_id) references tagged_user (post_id, user_id) on delete cascade
) with (vacuum_truncate = off);

-- With some pages that stay, they are looked up by their keys from the first day.
insert into tagged_user (post_id, user_id, state, created_at)
  select gen_random_uuid(), gen_random_uuid(), 'PENDING', now() from generate_series(1, 5000);
insert into person_tag (post_id, media_id, user_id, x, y) select post_id, post_id, user_id, 0, 0 from tagged_user;
delete from tagged_user;

-- migrate:down
drop table person_tag;
drop table tagged_user;
