-- migrate:up
-- Whom bios mention. The name is that of then, in lower case: whoever has another one now stays mentioned.
create table bio_mention (
  user_id uuid not null references profile (id),
  name text not null,
  mentioned_id uuid not null references profile (id),
  primary key (user_id, name)
);
create index bio_mention_mentioned on bio_mention (mentioned_id);

-- migrate:down
drop table bio_mention;
