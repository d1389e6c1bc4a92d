-- migrate:up
alter table post
  -- Some of its media are still processed: the publication waits for them.
  add column awaits_media boolean not null default false,
  -- Why a publication was given up, for the author.
  add column publish_problem text,
  add column pinned_at timestamptz(3);
alter table post add constraint post_publish_problem_check check (publish_problem in ('MEDIA_REJECTED', 'MEDIA_GONE')) not valid;
alter table post validate constraint post_publish_problem_check;
create index post_pinned on post (author_id, pinned_at) where pinned_at is not null;

-- What a post said before an edit, for its author. The version is that of the post which said it.
create table post_edit (
  post_id uuid not null,
  version integer not null,
  caption text not null,
  edited_at timestamptz(3) not null,
  primary key (post_id, version)
);

-- migrate:down
drop table post_edit;
drop index post_pinned;
alter table post drop column awaits_media, drop column publish_problem, drop column pinned_at;
