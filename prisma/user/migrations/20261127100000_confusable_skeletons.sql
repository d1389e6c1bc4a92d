-- Renames only: no released version reads these columns or reports violations of these indexes.

-- migrate:up
alter table released_username rename column looks to skeleton;
alter index released_username_looks rename to released_username_skeleton;
alter index profile_username_looks rename to profile_username_skeleton;
alter index profile_barred rename to profile_denylist;

-- migrate:down
alter index profile_denylist rename to profile_barred;
alter index profile_username_skeleton rename to profile_username_looks;
alter index released_username_skeleton rename to released_username_looks;
alter table released_username rename column skeleton to looks;
