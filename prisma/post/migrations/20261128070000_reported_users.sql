-- migrate:up
-- The viewer has reported the author. The time of the last change tells which relations that say nothing any more can go.
alter table relation
  add column reported boolean not null default false,
  add column changed_at timestamptz(3) not null default now();
create index relation_idle on relation (greatest(changed_at, posts_muted_until, notifications_muted_until))
  where not (follows or close_friend or blocked or reported);

-- migrate:down
drop index relation_idle;
alter table relation drop column changed_at, drop column reported;
