-- migrate:up
-- What the last audit of each counter has found, for the metrics of the service.
create table counter_audit (
  counter text primary key,
  audited_at timestamptz(3) not null default now(),
  keys bigint not null default 0,
  drifted bigint not null default 0,
  drift bigint not null default 0
);

-- A statement names the counters that it changes: a new one changes no other statement.
alter table follow_count_delta alter column followers set default 0, alter column following set default 0;

-- migrate:down
alter table follow_count_delta alter column followers drop default, alter column following drop default;
drop table counter_audit;
