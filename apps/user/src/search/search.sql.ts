import { IS_ACTIVE } from '../accounts/account-status.sql.js';
import { isOutOfSight } from '../relations/blocks.sql.js';

// $1 is the folded text of a search, $2 the viewer, null without a session; $3 and $4 are the place behind which a page begins.

export const USERNAME = 'lower(p.username collate "C")';
/** As much of a display name as a cursor holds. */
export const DISPLAY_NAME = 'left(p.folded_display_name, 20) collate "C"';
const BOTH_NAMES = `(${USERNAME} || ' ' || p.folded_display_name)`;

// No pattern, in which some characters would mean something else. The other end of the range is the place behind which a page begins.
const isBefore = (column: string, text: string): string => `${column} < ${text} || chr(1114111) collate "C"`;

/**
 * True for a profile `p` that the viewer may find. The status stands there twice: in the words of the indexes, which leave out very many
 * who are banned, and exactly.
 */
const IS_INDEXED = `p.status in ('ACTIVE', 'SUSPENDED')`;
export const IS_FOUND = `${IS_INDEXED} and ${IS_ACTIVE} and not ${isOutOfSight('$2::uuid', 'p.id')}`;

/** The newest of those whom the viewer follows. */
export const followed = (limit: number): string => `
  select followee_id from follow where follower_id = $2::uuid
  order by created_at desc, followee_id desc limit ${limit}`;

/**
 * True for what comes behind the place in the order of (key, id). As a comparison of rows it is no range together with the other end, of
 * which a plan without values expects so little that it reads and sorts all of it.
 */
export const isBehind = (key: string, id: string): string => `(${key}, ${id}) > ($3 collate "C", $4::uuid)`;

export const IS_BY_USERNAME = `${isBefore(USERNAME, '$1')} and ${USERNAME} <> $1`;

// The case is no function of which plans expect that it is hardly ever true.
export const IS_BY_DISPLAY_NAME = `p.folded_display_name <> '' and ${isBefore(DISPLAY_NAME, 'left($1, 20)')}
    and case when starts_with(p.folded_display_name, $1) then not starts_with(${USERNAME}, $1) end`;

export const IS_SIMILAR = `$1 <% ${BOTH_NAMES} and not starts_with(${USERNAME}, $1)
    and not starts_with(p.folded_display_name, $1)`;

/** What orders similar names: the most similar has the lowest. */
export const DISTANCE = `coalesce(to_char(1000 - 1000 * word_similarity($1, ${BOTH_NAMES}), 'FM0000'), '') collate "C"`;

const MANY = 250;

/** So many of the names from the text on, of which those that begin so are counted: a range would be read to its end by some plans. */
const manyFrom = (column: string, text: string, condition: string): string => `(
    select from (
      select ${column} as name from profile p where ${IS_INDEXED} and ${condition} and ${column} >= ${text} collate "C"
      order by ${column} limit ${MANY}
    ) n where ${isBefore('n.name', text)}
  )`;

const TRIGRAMS = 'cardinality(show_trgm($1))';

/**
 * How similar a name must be, 0.6 by itself: as much as with one slip of the fingers, which changes four trigrams of either name. The more
 * of a long text is asked for, the less of the index is read. True always; it is in force for the statement that asks.
 */
const ASKS_FOR_MUCH = `set_config('pg_trgm.word_similarity_threshold', case
    when ${TRIGRAMS} < 10 then 0.6 else greatest(0.64, (${TRIGRAMS} - 4.0) / (${TRIGRAMS} + 4) - 0.001) end::text, true) is not null`;

/**
 * True where similar names are looked for: the text has something to compare, which emoji have not, and few names begin with it. Else the
 * whole index would be read, or very many who were found by the beginning of their names would be compared as well. A first page that
 * beginnings did not fill says so itself; for a later one they are counted. Asked once for a page, and before any names are compared.
 */
export const asksForSimilar = (isFirstPage: string): string => `(
  select case when ${TRIGRAMS} > 2 and (${isFirstPage}::boolean or (select count(*) < ${MANY} from (
    ${manyFrom(USERNAME, '$1', 'true')} union all ${manyFrom(DISPLAY_NAME, 'left($1, 20)', `p.folded_display_name <> ''`)}
  ) b)) then ${ASKS_FOR_MUCH} else false end)`;
