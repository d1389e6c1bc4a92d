-- Both are trusted extensions of Postgres' own contrib: the owner of the database may create them.

-- migrate:up
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Listed: published, for everybody, and not hidden by moderators. Only such posts are found by hashtags, in explore and by searches. The
-- rows of a post follow it by the triggers below, in whatever transaction changes it, and go with it.
create table listed_post (
  post_id uuid primary key,
  author_id uuid not null,
  -- Later than the publication for what many like. It never becomes earlier, so that whoever pages meets nothing twice.
  hot_at timestamptz(3) not null
) with (fillfactor = 90);
create index listed_post_hot on listed_post (hot_at desc, post_id desc);

create table post_hashtag (
  post_id uuid not null,
  hashtag text not null,
  author_id uuid not null,
  created_at timestamptz(3) not null,
  hot_at timestamptz(3) not null,
  primary key (post_id, hashtag)
) with (fillfactor = 90);
create index post_hashtag_newest on post_hashtag (hashtag, created_at desc, post_id desc);
create index post_hashtag_hot on post_hashtag (hashtag, hot_at desc, post_id desc);

create table post_search (
  post_id uuid primary key,
  author_id uuid not null,
  created_at timestamptz(3) not null,
  words tsvector not null,
  -- What a caption begins with: similar words are looked for in there, since each three letters of it are an entry of the index.
  beginning text not null
);
create index post_search_newest on post_search (created_at desc, post_id desc);
-- What is not in these indexes yet is read by every search: little, and written by one in so many posts instead of by each.
create index post_search_words on post_search using gin (words) with (gin_pending_list_limit = 256);
create index post_search_similar on post_search using gin (beginning gin_trgm_ops) with (gin_pending_list_limit = 256);

create table hashtag_counter (
  hashtag text primary key,
  post_count integer not null default 0
) with (fillfactor = 85);

create table hashtag_counter_delta (
  id bigint primary key generated always as identity,
  hashtag text not null,
  posts integer not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, vacuum_truncate = off);
create index hashtag_counter_delta_hashtag on hashtag_counter_delta (hashtag);

create table hashtag_follow (
  user_id uuid not null,
  hashtag text not null,
  created_at timestamptz(3) not null,
  primary key (user_id, hashtag)
) with (vacuum_truncate = off);

create table trending_hashtag (
  hashtag text primary key,
  score double precision not null
);

-- With some pages that stay, these are looked up by key from the first day: as with hidden_account.
insert into hashtag_counter_delta (hashtag, posts) select 'none', 0 from generate_series(1, 5000);
delete from hashtag_counter_delta;
insert into hashtag_follow (user_id, hashtag, created_at) select gen_random_uuid(), 'none', now() from generate_series(1, 5000);
delete from hashtag_follow;

-- A text without accents, case and ways to write a letter.
create function folded_text(given text) returns text language sql immutable strict parallel safe
  return lower(unaccent('unaccent'::regdictionary, normalize(given, nfkc)) collate "und-x-icu");

-- Scripts that put no spaces between words have one word for each of their characters, which a phrase finds side by side.
create function spaced_text(given text) returns text language sql immutable strict parallel safe
  return regexp_replace(given, '([\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff])', ' \1 ', 'g');

-- Three likes make a post as hot as one of six hours later without likes, and so does each doubling from there on.
create function heat(likes integer) returns integer language sql immutable strict parallel safe
  return greatest(0, floor(ln(greatest(likes, 0) + 1.0::double precision) / ln(2.0::double precision) + 1e-9) - 1)::integer;

create function follow_post() returns trigger language plpgsql as $$
declare
  was_listed boolean := tg_op <> 'INSERT' and old.state = 'PUBLISHED' and old.audience = 'PUBLIC' and old.hidden_reason is null;
  is_listed boolean := tg_op <> 'DELETE' and new.state = 'PUBLISHED' and new.audience = 'PUBLIC' and new.hidden_reason is null;
  hot timestamptz;
  folded text;
begin
  if was_listed then
    delete from listed_post where post_id = old.id;
    delete from post_search where post_id = old.id;
    with gone as (delete from post_hashtag where post_id = old.id returning hashtag)
      insert into hashtag_counter_delta (hashtag, posts) select hashtag, -1 from gone;
  end if;
  if is_listed then
    hot := new.created_at + heat(new.like_count) * interval '6 hours';
    folded := folded_text(new.caption);
    insert into listed_post (post_id, author_id, hot_at) values (new.id, new.author_id, hot);
    insert into post_search (post_id, author_id, created_at, words, beginning)
      values (new.id, new.author_id, new.created_at, to_tsvector('simple', spaced_text(folded)), left(folded, 100));
    if cardinality(new.hashtags) > 0 then
      with added as (
        insert into post_hashtag (post_id, hashtag, author_id, created_at, hot_at)
          select distinct new.id, tag, new.author_id, new.created_at, hot from unnest(new.hashtags) as tag
          returning hashtag
      )
        insert into hashtag_counter_delta (hashtag, posts) select hashtag, 1 from added;
    end if;
  end if;
  return null;
end $$;

create trigger post_is_made after insert on post for each row
  when (new.state = 'PUBLISHED' and new.audience = 'PUBLIC') execute function follow_post();
create trigger post_is_changed after update of state, audience, hidden_reason, caption, hashtags, created_at on post for each row
  when ((old.state, old.audience, old.hidden_reason, old.caption, old.hashtags, old.created_at)
    is distinct from (new.state, new.audience, new.hidden_reason, new.caption, new.hashtags, new.created_at))
  execute function follow_post();
create trigger post_is_gone after delete on post for each row
  when (old.state = 'PUBLISHED' and old.audience = 'PUBLIC') execute function follow_post();

create function heat_post() returns trigger language plpgsql as $$
declare
  hot timestamptz := new.created_at + heat(new.like_count) * interval '6 hours';
begin
  update listed_post set hot_at = hot where post_id = new.id and hot_at < hot;
  update post_hashtag set hot_at = hot where post_id = new.id and hot_at < hot;
  return null;
end $$;

create trigger post_is_hotter after update of like_count on post for each row
  when (heat(new.like_count) > heat(old.like_count)) execute function heat_post();

insert into listed_post (post_id, author_id, hot_at)
  select id, author_id, created_at + heat(like_count) * interval '6 hours' from post
  where state = 'PUBLISHED' and audience = 'PUBLIC' and hidden_reason is null;
insert into post_search (post_id, author_id, created_at, words, beginning)
  select id, author_id, created_at, to_tsvector('simple', spaced_text(folded_text(caption))), left(folded_text(caption), 100) from post
  where state = 'PUBLISHED' and audience = 'PUBLIC' and hidden_reason is null;
insert into post_hashtag (post_id, hashtag, author_id, created_at, hot_at)
  select distinct p.id, tag, p.author_id, p.created_at, l.hot_at
  from post p join listed_post l on l.post_id = p.id cross join unnest(p.hashtags) as tag;
insert into hashtag_counter (hashtag, post_count) select hashtag, count(*) from post_hashtag group by hashtag;

-- migrate:down
drop trigger post_is_hotter on post;
drop function heat_post;
drop trigger post_is_gone on post;
drop trigger post_is_changed on post;
drop trigger post_is_made on post;
drop function follow_post;
drop function heat;
drop function spaced_text;
drop function folded_text;
drop table trending_hashtag;
drop table hashtag_follow;
drop table hashtag_counter_delta;
drop table hashtag_counter;
drop table post_search;
drop table post_hashtag;
drop table listed_post;
drop extension unaccent;
drop extension pg_trgm;
