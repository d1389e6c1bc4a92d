-- migrate:up
alter table outbox add column headers jsonb;

-- migrate:down
alter table outbox drop column headers;
