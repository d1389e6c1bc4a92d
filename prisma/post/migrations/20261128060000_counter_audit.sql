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
alter table post_counter_delta alter column likes set default 0, alter column comments set default 0;
alter table author_counter_delta alter column posts set default 0;

-- migrate:down
alter table author_counter_delta alter column posts drop default;
alter table post_counter_delta alter column likes drop default, alter column comments drop default;
drop table counter_audit;
