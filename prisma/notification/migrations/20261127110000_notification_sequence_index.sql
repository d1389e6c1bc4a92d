-- migrate:up
alter index notification_place rename to notification_sequence;

-- migrate:down
alter index notification_sequence rename to notification_place;
