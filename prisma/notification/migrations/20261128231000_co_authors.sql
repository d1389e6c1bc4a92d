-- migrate:up
alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check
  check (kind in ('LIKE', 'COMMENT', 'FOLLOW', 'FOLLOW_REQUEST', 'FOLLOW_ACCEPTED', 'MENTION', 'REPLY', 'COMMENT_LIKE', 'REPOST', 'TAG', 'CO_AUTHOR_INVITE', 'CO_AUTHOR_ACCEPTED')) not valid;
alter table notification validate constraint notification_kind_check;

-- migrate:down
delete from notification where kind in ('CO_AUTHOR_INVITE', 'CO_AUTHOR_ACCEPTED');
alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check
  check (kind in ('LIKE', 'COMMENT', 'FOLLOW', 'FOLLOW_REQUEST', 'FOLLOW_ACCEPTED', 'MENTION', 'REPLY', 'COMMENT_LIKE', 'REPOST', 'TAG'));
