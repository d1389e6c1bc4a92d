-- migrate:up
create table dismissed_suggestion (
  user_id uuid not null references profile (id),
  dismissed_id uuid not null references profile (id),
  created_at timestamptz(3) not null,
  primary key (user_id, dismissed_id),
  check (user_id <> dismissed_id)
);
create index dismissed_suggestion_newest on dismissed_suggestion (user_id, created_at desc, dismissed_id desc);
create index dismissed_suggestion_dismissed on dismissed_suggestion (dismissed_id, user_id);

-- migrate:down
drop table dismissed_suggestion;
