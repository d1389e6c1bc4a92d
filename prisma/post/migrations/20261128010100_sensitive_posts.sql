-- migrate:up
create table content_preferences (
  user_id uuid primary key,
  alt_text text not null default 'NONE' check (alt_text in ('NONE', 'REMIND', 'REQUIRE')),
  sensitive_media text not null default 'BLUR' check (sensitive_media in ('SHOW', 'BLUR', 'HIDE')),
  approves_tags boolean not null default false
) with (vacuum_truncate = off);
-- With some pages that stay, it is looked up by its key from the first day.
insert into content_preferences (user_id) select gen_random_uuid() from generate_series(1, 5000);
delete from content_preferences;

alter table post
  add column is_sensitive boolean not null default false,
  add column content_warning text;
alter table post add constraint post_content_warning_check check (is_sensitive or content_warning is null) not valid;
alter table post validate constraint post_content_warning_check;

-- migrate:down
alter table post drop column content_warning, drop column is_sensitive;
drop table content_preferences;
