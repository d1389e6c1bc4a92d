-- migrate:up
alter table media
  -- What hides the pictures: the post that claimed them is deleted; their owner's account is hidden, as of this version of it.
  add column claim_hidden boolean not null default false,
  add column owner_hidden boolean not null default false,
  add column owner_version bigint not null default 0,
  -- Where the variants lie: true when they were moved to where no signed address leads.
  add column stored_hidden boolean not null default false;
create index media_misplaced on media (id) where status = 'READY' and (claim_hidden or owner_hidden) <> stored_hidden;

-- migrate:down
drop index media_misplaced;
alter table media drop column claim_hidden, drop column owner_hidden, drop column owner_version, drop column stored_hidden;
