-- migrate:up
-- What a link to a post is made of: 64 random bits as 11 characters, which reveal neither an order nor a number. Of a random UUID those
-- bytes are left out that have its version and its variant.
create function new_post_code() returns text language sql volatile as $$
  select translate(rtrim(encode(substr(overlay(uuid_send(gen_random_uuid()) placing ''::bytea from 7 for 3), 1, 8), 'base64'), '='), '+/', '-_')
$$;

-- The default is drawn for each row that is there already.
alter table post add column code text not null default new_post_code();
create unique index post_code on post (code);

-- migrate:down
alter table post drop column code;
drop function new_post_code;
