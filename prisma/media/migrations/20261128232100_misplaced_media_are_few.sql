-- That a picture lies elsewhere than its flags say depends on all three of them: counted one by one they make Postgres expect that nearly every
-- picture is misplaced, and the sweep that looks for the few reads the whole table instead of the index of them.

-- migrate:up
create statistics media_hidden (mcv) on claim_hidden, owner_hidden, stored_hidden from media;
analyze media;
drop index media_misplaced;
create index media_misplaced on media (id)
  where status = 'READY' and (stored_hidden and not claim_hidden and not owner_hidden or not stored_hidden and (claim_hidden or owner_hidden));

-- migrate:down
drop index media_misplaced;
create index media_misplaced on media (id) where status = 'READY' and (claim_hidden or owner_hidden) <> stored_hidden;
drop statistics media_hidden;
