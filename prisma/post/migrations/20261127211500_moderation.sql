-- migrate:up
-- Moderated: somebody has reported it, or a moderator has hidden it; a post also for a comment under it. Moderators then see it whatever
-- its audience, and only then reads look into reported_content. The reason is that of a moderator who has hidden it, null while it is
-- shown. The version is that of the last decision: late news never undo newer ones.
alter table post
  add column moderated boolean not null default false,
  add column hidden_reason text,
  add column moderation_version bigint not null default 0;
alter table comment
  add column moderated boolean not null default false,
  add column hidden_reason text,
  add column moderation_version bigint not null default 0;

-- Who has reported what, and wants to see it no more.
create table reported_content (
  reporter_id uuid not null,
  content_id uuid not null,
  post_id uuid not null,
  primary key (reporter_id, content_id)
) with (vacuum_truncate = off);
create index reported_content_post on reported_content (post_id);
-- A table of one page is scanned for every post of a page, until it is long and the plan a new one. With some pages that stay it is
-- looked up by its key from the first day.
insert into reported_content (reporter_id, content_id, post_id)
  select gen_random_uuid(), gen_random_uuid(), gen_random_uuid() from generate_series(1, 5000);
delete from reported_content;

-- migrate:down
drop table reported_content;
alter table comment drop column moderated, drop column hidden_reason, drop column moderation_version;
alter table post drop column moderated, drop column hidden_reason, drop column moderation_version;
