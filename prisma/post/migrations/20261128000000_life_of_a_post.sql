-- migrate:up
-- One life: DRAFT, SCHEDULED, PUBLISHED, ARCHIVED, DELETED. Others see what is PUBLISHED; the author has lists of the rest.
alter table post
  add column state text not null default 'PUBLISHED',
  -- Grows with every change that the author makes; also orders what is told of the post.
  add column version integer not null default 1,
  add column edited_at timestamptz(3),
  add column publish_at timestamptz(3),
  -- When the publication is tried next: at publish_at, and again while media are not READY.
  add column due_at timestamptz(3),
  -- What a deleted post was, and is again when it is restored; null when it does not come back.
  add column deleted_from text;
update post set state = 'DELETED' where deleted_at is not null;
alter table post
  add constraint post_state_check check (state in ('DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED', 'DELETED')) not valid,
  add constraint post_deleted_from_check check (deleted_from in ('DRAFT', 'PUBLISHED', 'ARCHIVED')) not valid,
  add constraint post_deleted_has_time check ((state = 'DELETED') = (deleted_at is not null)) not valid,
  add constraint post_scheduled_has_time check (state <> 'SCHEDULED' or (publish_at is not null and due_at is not null)) not valid;
alter table post validate constraint post_state_check;
alter table post validate constraint post_deleted_from_check;
alter table post validate constraint post_deleted_has_time;
alter table post validate constraint post_scheduled_has_time;

drop index post_by_author;
create index post_by_author on post (author_id, created_at desc, id desc) where state = 'PUBLISHED';
-- The author's own lists, and what an erasure finds besides.
create index post_unpublished_by_author on post (author_id, state, created_at desc, id desc) where state <> 'PUBLISHED';
create index post_due on post (due_at) where state = 'SCHEDULED';
create index post_deleted on post (deleted_at) where state = 'DELETED';
drop index post_deleted_by_author;

-- migrate:down
create index post_deleted_by_author on post (author_id) where deleted_at is not null;
drop index post_deleted;
drop index post_due;
drop index post_unpublished_by_author;
drop index post_by_author;
create index post_by_author on post (author_id, created_at desc, id desc) where deleted_at is null;
alter table post drop column state, drop column version, drop column edited_at, drop column publish_at, drop column due_at, drop column deleted_from;
