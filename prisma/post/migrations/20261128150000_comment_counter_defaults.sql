-- migrate:up
-- The repair of one counter writes a delta of that counter alone.
alter table comment_counter_delta alter column likes set default 0, alter column replies set default 0;

-- migrate:down
alter table comment_counter_delta alter column likes drop default, alter column replies drop default;
