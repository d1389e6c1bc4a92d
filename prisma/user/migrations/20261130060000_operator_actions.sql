-- migrate:up
-- What operators did by the command fowergram; written before it is done. STARTED is what nobody knows the end of.
create table operator_action (
  id uuid primary key,
  operator text not null,
  command text not null,
  subject text not null,
  outcome text not null default 'STARTED' check (outcome in ('STARTED', 'DONE', 'FAILED')),
  detail text,
  started_at timestamptz(3) not null default now(),
  ended_at timestamptz(3)
);
create index operator_action_newest on operator_action (started_at desc, id desc);
create index operator_action_command on operator_action (command, started_at desc, id desc);

-- migrate:down
drop table operator_action;
