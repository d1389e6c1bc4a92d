-- migrate:up
-- Posts that are archived or deleted, and may come back: what was said about them is not shown meanwhile. The highest version wins.
create table hidden_post (
  post_id uuid primary key,
  version bigint not null,
  hidden boolean not null,
  changed_at timestamptz(3) not null
) with (vacuum_truncate = off);
create index hidden_post_changed on hidden_post (changed_at);
-- As with hidden_account: with some pages that stay, the table is looked up by its key from the first day.
insert into hidden_post (post_id, version, hidden, changed_at) select gen_random_uuid(), 0, false, now() from generate_series(1, 5000);
delete from hidden_post;

-- migrate:down
drop table hidden_post;
