-- migrate:up
-- One row per owner whose account was deleted, for good: nothing is uploaded in their name any more.
create table erased_owner (
  owner_id uuid primary key,
  requested_at timestamptz(3) not null default now(),
  -- When nothing of the owner was left.
  erased_at timestamptz(3),
  -- How far the tables of kept answers and of messages have been walked through, in the order of their keys.
  answers_walked_to text not null default '',
  messages_walked_to uuid not null default '00000000-0000-0000-0000-000000000000'
);
create index erased_owner_open on erased_owner (owner_id) where erased_at is null;

create index media_owner on media (owner_id);

-- migrate:down
drop index media_owner;
drop table erased_owner;
