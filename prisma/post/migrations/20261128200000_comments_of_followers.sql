-- migrate:up
-- Only followers of the author may comment; comments_disabled, which a version of the service that still runs writes, counts before it.
alter table post add column comments_for_followers boolean not null default false;

-- migrate:down
alter table post drop column comments_for_followers;
