-- A search for "running" finds "runs" where a caption is surely English: its stems stand beside its words, each behind the code of the
-- language, since what is one word in two languages is two stems. Captions of before are found as they are written until they are changed.

-- migrate:up
-- What posts are written in, by ISO 639-1; null where nobody can tell.
alter table post add column language text;

create function stemmer_of(language text) returns regconfig language sql immutable parallel safe
  return case language
    when 'ar' then 'arabic'::regconfig
    when 'ca' then 'catalan'::regconfig
    when 'da' then 'danish'::regconfig
    when 'de' then 'german'::regconfig
    when 'el' then 'greek'::regconfig
    when 'en' then 'english'::regconfig
    when 'es' then 'spanish'::regconfig
    when 'eu' then 'basque'::regconfig
    when 'fi' then 'finnish'::regconfig
    when 'fr' then 'french'::regconfig
    when 'hi' then 'hindi'::regconfig
    when 'hu' then 'hungarian'::regconfig
    when 'hy' then 'armenian'::regconfig
    when 'it' then 'italian'::regconfig
    when 'lt' then 'lithuanian'::regconfig
    when 'nl' then 'dutch'::regconfig
    when 'no' then 'norwegian'::regconfig
    when 'pt' then 'portuguese'::regconfig
    when 'ro' then 'romanian'::regconfig
    when 'ru' then 'russian'::regconfig
    when 'sv' then 'swedish'::regconfig
    when 'ta' then 'tamil'::regconfig
    when 'tr' then 'turkish'::regconfig
  end;

create function lowered_text(given text) returns text language sql immutable strict parallel safe
  return lower(normalize(given, nfkc) collate "und-x-icu");

-- Accents are dropped behind the stemmer, which needs them, of all stems at once. No other lexeme has a space in it. What is longer than any
-- word is none.
create function stemmed_words(given text, language text) returns tsvector language sql immutable parallel safe
  return array_to_tsvector(array(
    select distinct language || ' ' || stem
    from unnest(string_to_array(folded_text(array_to_string(tsvector_to_array(to_tsvector(stemmer_of(language), lowered_text(given))), ' ')), ' ')) as stem
    where octet_length(stem) between 1 and 100
  ));

create or replace function follow_post() returns trigger language plpgsql as $$
declare
  was_listed boolean := tg_op <> 'INSERT' and old.state = 'PUBLISHED' and old.audience = 'PUBLIC' and old.hidden_reason is null;
  is_listed boolean := tg_op <> 'DELETE' and new.state = 'PUBLISHED' and new.audience = 'PUBLIC' and new.hidden_reason is null;
  hot timestamptz;
  folded text;
  found_by tsvector;
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
    found_by := to_tsvector('simple', spaced_text(folded));
    if new.language is not null then
      found_by := found_by || stemmed_words(new.caption, new.language);
    end if;
    insert into listed_post (post_id, author_id, hot_at) values (new.id, new.author_id, hot);
    insert into post_search (post_id, author_id, created_at, words, beginning)
      values (new.id, new.author_id, new.created_at, found_by, left(folded, 100));
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

drop trigger post_is_changed on post;
create trigger post_is_changed after update of state, audience, hidden_reason, caption, hashtags, language, created_at on post for each row
  when (new.repost_of is null and (old.state, old.audience, old.hidden_reason, old.caption, old.hashtags, old.language, old.created_at)
    is distinct from (new.state, new.audience, new.hidden_reason, new.caption, new.hashtags, new.language, new.created_at))
  execute function follow_post();

-- migrate:down
drop trigger post_is_changed on post;
create trigger post_is_changed after update of state, audience, hidden_reason, caption, hashtags, created_at on post for each row
  when (new.repost_of is null and (old.state, old.audience, old.hidden_reason, old.caption, old.hashtags, old.created_at)
    is distinct from (new.state, new.audience, new.hidden_reason, new.caption, new.hashtags, new.created_at))
  execute function follow_post();

create or replace function follow_post() returns trigger language plpgsql as $$
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

drop function stemmed_words;
drop function lowered_text;
drop function stemmer_of;
alter table post drop column language;
