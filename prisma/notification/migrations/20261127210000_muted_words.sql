-- migrate:up
-- The words that a user has muted, as the user service says it: one row for each user, the highest version wins.
create table muted_words (
  user_id uuid primary key,
  version bigint not null,
  words jsonb not null
);

-- migrate:down
drop table muted_words;
