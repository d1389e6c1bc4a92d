-- migrate:up
-- Whoever reports a user is to meet them no more, until the reporter unblocks them. Who was reported before stays in sight.
alter table report add column hides_user boolean not null default false;

-- migrate:down
alter table report drop column hides_user;
