-- migrate:up
-- Words that a user does not want to meet. folded is what texts are compared with: one word is muted once.
create table muted_word (
  id uuid primary key,
  user_id uuid not null references profile (id),
  text text not null,
  folded text not null,
  expires_at timestamptz(3),
  created_at timestamptz(3) not null,
  unique (user_id, folded)
);

-- migrate:down
drop table muted_word;
