-- migrate:up
-- Whom a viewer may refuse is read once for a page: there are few of them, where a viewer follows thousands.
create index relation_refused on relation (viewer_id, author_id) where blocked or reported or posts_muted_until is not null;

-- migrate:down
drop index relation_refused;
