-- migrate:up
alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check
  check (kind in ('LIKE', 'COMMENT', 'FOLLOW', 'FOLLOW_REQUEST', 'FOLLOW_ACCEPTED', 'MENTION', 'REPLY', 'COMMENT_LIKE')) not valid;
alter table notification validate constraint notification_kind_check;

-- As deleted_post: what arrives late of a deleted comment stays hidden.
create table deleted_comment (
  comment_id uuid primary key,
  deleted_at timestamptz(3) not null
);
create index deleted_comment_deleted on deleted_comment (deleted_at);

-- migrate:down
drop table deleted_comment;
delete from notification where kind in ('REPLY', 'COMMENT_LIKE');
alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check
  check (kind in ('LIKE', 'COMMENT', 'FOLLOW', 'FOLLOW_REQUEST', 'FOLLOW_ACCEPTED', 'MENTION'));
