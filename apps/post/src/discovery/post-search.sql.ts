import { SCRIPTS } from './languages.rules.js';
import { selectEnd, selectFound } from './listed-posts.rules.js';

/** Words are common that so many of the newest posts have: they are met on the way from the newest post on, and need no index. */
const SAMPLE = 1_000;
const MANY_IN_SAMPLE = 10;
/** So many posts with rarer words are sorted; where there are more, these are walked as well. */
const MOST_SORTED = 20_000;
/** At so many posts a statement looks, whoever may see them. */
const WALKED = 2_000;
/** Where fewer have the words, captions that begin with similar ones are found as well. */
const FEW = 20;
/** So many similar ones are compared. */
const COMPARED = 500;
/** Shorter texts are similar to too much. */
const MIN_SIMILAR_LENGTH = 4;

const NEWEST_WORDS = `select words from post_search order by created_at desc, post_id desc limit ${SAMPLE}`;

const STEMMED = SCRIPTS.map((script) =>
  script.languages.map((language) => `('${language}', '${script.words}')`).join(', '),
).join(', ');

// Each word becomes a phrase of its own, since in scripts without spaces it is several; what a parser would read as an operator is none.
// A word of which nobody knows the language is looked for as it is written, or by its stem in whichever language a caption is known to be.
export const PARSE = `
  with asked as (
    select lowered_text($1) as lowered, folded_text($1) as folded
  ), phrases as (
    select word, phraseto_tsquery('simple', spaced_text(folded_text(word))) as phrase
    from asked, regexp_split_to_table(lowered, '\\s+') as word
  ), alternatives as (
    select p.phrase::text || coalesce(s.stems, '') as words
    from phrases p cross join lateral (
      select string_agg(' | ' || stem::text, '') as stems
      from (values ${STEMMED}) as stemmed (language, words) cross join lateral stemmed_words(p.word, language) as stem
      where p.word ~ words and length(stem) = 1
    ) s
    where numnode(p.phrase) > 0
  ), question as (
    select string_agg('(' || words || ')', ' & ') as words from alternatives
  )
  select q.words,
    case when length(trim(a.folded)) >= ${MIN_SIMILAR_LENGTH} then trim(a.folded) end as similar,
    (select count(*) from (${NEWEST_WORDS}) n where n.words @@ q.words::tsquery) >= ${MANY_IN_SAMPLE} as "isCommon"
  from asked a cross join question q`;

/** With more than can be sorted, nothing is found here. */
const rare = (words: string, similar: string, at: string, id: string): string => `
    with matched as materialized (
      select post_id as id, created_at as at from post_search where words @@ ${words}::text::tsquery limit ${MOST_SORTED}
    ), similar_ones as materialized (
      select post_id as id, created_at as at from post_search
      where (select count(*) from matched) < ${FEW} and ${similar}::text <% beginning limit ${COMPARED}
    )
    select id, at from (select id, at from matched union select id, at from similar_ones) m
    where (at, id) < (${at}::timestamptz, ${id}::uuid) and (select count(*) from matched) < ${MOST_SORTED}
    order by at desc, id desc limit ${WALKED}`;

/** $5 are the words, $6 the text that captions are compared with. */
export const RARE = selectFound(rare('$5', '$6', '$2', '$3'));

export const RARE_END = selectEnd(rare('$3', '$4', '$1', '$2'), WALKED);

export const HAS_TOO_MANY = `
  select count(*) = ${MOST_SORTED} as "hasTooMany"
  from (select from post_search where words @@ $1::text::tsquery limit ${MOST_SORTED}) matched`;

const walked = (at: string, id: string): string => `
      select post_id as id, created_at as at, words from post_search
      where (created_at, post_id) < (${at}::timestamptz, ${id}::uuid)
      order by created_at desc, post_id desc limit ${WALKED}`;

export const COMMON = selectFound(`
    select id, at from (${walked('$2', '$3')}) w
    where words @@ $5::text::tsquery order by at desc, id desc`);

export const WALK_END = selectEnd(walked('$1', '$2'), WALKED);
