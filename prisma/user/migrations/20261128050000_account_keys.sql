-- migrate:up
-- Until when a key belongs to a request that is under way elsewhere; null for one that has its answer.
alter table idempotency_key add column claimed_until timestamptz(3);

-- migrate:down
delete from idempotency_key where claimed_until is not null;
alter table idempotency_key drop column claimed_until;
