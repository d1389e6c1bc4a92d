-- Both are trusted extensions of Postgres' own contrib: the owner of the database may create them.
-- The new column writes the table anew: a minute for some millions of them, in which profiles cannot be written.

-- migrate:up
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- A name without accents, case and ways to write a letter. The rules of unaccent and the collation of ICU say the same in every database,
-- whatever its locale; both indexes below have to be made anew when somebody changes these rules.
create function folded_name(name text) returns text language sql immutable strict parallel safe
  return lower(unaccent('unaccent'::regdictionary, normalize(name, nfkc)) collate "und-x-icu");

alter table profile add column folded_display_name text not null generated always as (folded_name(display_name)) stored;

-- Without whom nobody sees, of whom there may be very many under one name. Names begin in the order of bytes, and as cursors hold them.
create index profile_search_username on profile ((lower(username collate "C"))) where status in ('ACTIVE', 'SUSPENDED');
create index profile_search_display_name on profile ((left(folded_display_name, 20) collate "C"), id)
  where status in ('ACTIVE', 'SUSPENDED') and folded_display_name <> '';
-- A list of what is not in the index yet would be read by every search.
create index profile_search_similar on profile
  using gin ((lower(username collate "C") || ' ' || folded_display_name) gin_trgm_ops)
  with (fastupdate = off) where status in ('ACTIVE', 'SUSPENDED');

-- migrate:down
drop index profile_search_similar;
drop index profile_search_display_name;
drop index profile_search_username;
alter table profile drop column folded_display_name;
drop function folded_name;
drop extension unaccent;
drop extension pg_trgm;
