-- migrate:up
alter table profile
  add column links text[] not null default '{}',
  -- An administrator has checked that the account is of whom it says.
  add column is_verified boolean not null default false,
  -- False hides from others whom the user follows, and who follows them.
  add column shows_follow_lists boolean not null default true;

-- migrate:down
alter table profile
  drop column links,
  drop column is_verified,
  drop column shows_follow_lists;
