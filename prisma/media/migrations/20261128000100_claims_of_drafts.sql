-- migrate:up
-- A post may name pictures that are still processed: a claim holds them until they are READY, a rejection ends it.
alter table media drop constraint media_ready_is_claimed_or_free;
alter table media add constraint media_ready_is_claimed_or_free check (
  case status when 'READY' then (claim_id is null) = (free_since is not null) when 'PROCESSING' then free_since is null
  else claim_id is null and free_since is null end
) not valid;
alter table media validate constraint media_ready_is_claimed_or_free;
-- As of which version of its post a claim is hidden or shown: late news never undo newer ones.
alter table media add column claim_version bigint not null default 0;

-- migrate:down
update media set claim_id = null, claim_purpose = null, claimed_at = null, claim_confirmed_at = null
  where status = 'PROCESSING' and claim_id is not null;
alter table media drop column claim_version;
alter table media drop constraint media_ready_is_claimed_or_free;
alter table media add constraint media_ready_is_claimed_or_free check (case when status = 'READY' then (claim_id is null) = (free_since is not null) else claim_id is null and free_since is null end);
