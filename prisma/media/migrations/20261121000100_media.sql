-- migrate:up
create table media (
  id uuid primary key,
  owner_id uuid not null,
  kind text not null default 'IMAGE' check (kind in ('IMAGE', 'VIDEO')),
  status text not null default 'AWAITING_UPLOAD' check (status in ('AWAITING_UPLOAD', 'PROCESSING', 'READY', 'REJECTED')),
  status_at timestamptz(3) not null default now(),
  -- What the client announced; the bytes are held to it.
  content_type text not null,
  byte_size integer not null,
  alt_text text,
  rejection_reason text,
  width integer,
  height integer,
  blurhash text,
  -- [{ name, width, height, contentType, byteSize }], smallest first: always read together with the row.
  variants jsonb not null default '[]',
  -- Starts of the processing that have not ended in order, however they ended.
  starts integer not null default 0,
  claim_id uuid,
  claim_purpose text check (claim_purpose in ('post', 'avatar')),
  claimed_at timestamptz(3),
  claim_confirmed_at timestamptz(3),
  -- Since when READY media belong to no claim.
  free_since timestamptz(3),
  -- When the objects that must not stay were removed: the original, and after a rejection the variants too.
  cleared_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint media_ready_is_whole check (status <> 'READY' or (width > 0 and height > 0 and blurhash is not null and jsonb_array_length(variants) > 0)),
  constraint media_rejected_says_why check ((status = 'REJECTED') = (rejection_reason is not null)),
  constraint media_ready_is_claimed_or_free check (case when status = 'READY' then (claim_id is null) = (free_since is not null) else claim_id is null and free_since is null end),
  constraint media_claim_is_whole check ((claim_id is null) = (claimed_at is null) and (claim_id is null) = (claim_purpose is null) and (claim_id is not null or claim_confirmed_at is null))
);
create index media_awaiting on media (created_at) where status = 'AWAITING_UPLOAD';
create index media_processing on media (status_at) where status = 'PROCESSING';
create index media_uncleared on media (status_at) where cleared_at is null and status in ('READY', 'REJECTED');
create index media_free on media (free_since) where free_since is not null;
create index media_claim on media (claim_id) where claim_id is not null;
create index media_claim_unconfirmed on media (claim_purpose, claimed_at) where claim_id is not null and claim_confirmed_at is null;

-- migrate:down
drop table media;
