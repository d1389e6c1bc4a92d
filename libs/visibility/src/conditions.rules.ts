import type { Qualified } from '@fowergram/database';

// The one place that decides who sees whom, as SQL that the statements of the owners are made of. Each expression is a look-up by key
// for each row: as a join, the planner would read and hash a whole table for every page.

/** An SQL expression: what the relation of a viewer to an author says, null where there is none. */
export const relationOf = (viewer: Qualified, author: Qualified, value: string): string =>
  `(select ${value} from relation where viewer_id = ${viewer} and author_id = ${author} limit 1)`;

/** An SQL condition: the account in this column is not hidden. What hidden accounts have written is left out by every read. */
export const isShown = (account: Qualified): string =>
  `(select hidden from hidden_account where user_id = ${account} limit 1) is not true`;

/** An SQL condition: the account in this column is neither hidden nor private. */
export const isEverybodys = (account: Qualified): string =>
  `(select hidden or is_private from hidden_account where user_id = ${account} limit 1) is not true`;

/** An SQL condition: neither of the two blocks the other. */
export const isUnblocked = (viewer: Qualified, author: Qualified): string =>
  `${relationOf(viewer, author, 'blocked')} is not true`;

/** What keeps the viewer from meeting the author, in the words of their relation; who has reported somebody is alone with it. */
export const OUT_OF_SIGHT = 'blocked or reported';
const OUT_OF_SIGHT_OR_MUTED = `${OUT_OF_SIGHT} or posts_muted_until > now()`;

/** An SQL condition: the viewer sees what this account does; users see what is their own, which waits for no event. */
export const isShownTo = (viewer: Qualified, account: Qualified): string =>
  `(${account} = ${viewer} or (${isShown(account)} and ${relationOf(viewer, account, OUT_OF_SIGHT)} is not true))`;

/** An SQL expression: the audiences of this author to which the viewer belongs, as an array. */
const audiencesWith = (refused: string, viewer: Qualified, author: Qualified): string => `(
    select case when account.hidden is true or relation.refused is true then '{}'::text[] else array[
      case when account.is_private is not true or relation.follows then 'PUBLIC' end,
      case when relation.follows then 'FOLLOWERS' end,
      case when relation.close_friend then 'CLOSE_FRIENDS' end
    ] end
    from (values (true)) as always
    left join lateral (select hidden, is_private from hidden_account where user_id = ${author} limit 1) account on true
    left join lateral ${relationOf(viewer, author, `follows, close_friend, ${refused} as refused`)} relation on true
  )`;

/** Those to which the viewer belongs: what a viewer sees of an author. */
export const audiences = (viewer: Qualified, author: Qualified): string => audiencesWith(OUT_OF_SIGHT, viewer, author);

/** The same without those whose posts the viewer has muted: what a feed shows. */
export const feedAudiences = (viewer: Qualified, author: Qualified): string =>
  audiencesWith(OUT_OF_SIGHT_OR_MUTED, viewer, author);

/** So many are read as a list; whoever refuses more has each author looked up. */
const MAX_REFUSED = 100;

/** An SQL expression, for a statement to find once: whose posts the viewer's feed refuses, at most MAX_REFUSED of them. */
export const refusedAuthors = (viewer: Qualified): string => `array(
    select author_id from relation
    where viewer_id = ${viewer} and (${OUT_OF_SIGHT} or posts_muted_until is not null) and (${OUT_OF_SIGHT_OR_MUTED}) limit ${MAX_REFUSED}
  )`;

/**
 * An SQL condition that most posts meet, and is much cheaper than their audiences: it is for everybody, of a public account, and nothing
 * is between the two.
 */
const isOpen = (author: Qualified, audience: string, isUnrefused: string): string => `(
    ${audience} = 'PUBLIC' and ${isEverybodys(author)}
    and ${isUnrefused}
  )`;

/** An SQL condition: the viewer sees the posts of this author that have this audience. */
export const isPostShownTo = (viewer: Qualified, author: Qualified, audience: string): string =>
  `(${author} = ${viewer} or ${isOpen(author, audience, `${relationOf(viewer, author, OUT_OF_SIGHT)} is not true`)} or ${audience} = any(${audiences(viewer, author)}::text[]))`;

/**
 * An SQL condition: a feed shows the posts of this author that have this audience, decided without looking at their audiences. Where it is not
 * true, isInFeedOf decides. `refused` is a column with the refusedAuthors of the viewer.
 */
export const isSurelyInFeed = (author: Qualified, audience: string, refused: Qualified): string =>
  isOpen(author, audience, `cardinality(${refused}) < ${MAX_REFUSED} and ${author} <> all(${refused})`);

/** An SQL condition of feeds, which have the viewer's own posts from elsewhere: the viewer sees them and has not muted them; `refused` is a column with the refusedAuthors of the viewer. */
export const isInFeedOf = (viewer: Qualified, author: Qualified, audience: string, refused: Qualified): string =>
  `(${isOpen(author, audience, isUnrefusedIn(refused, viewer, author))} or ${audience} = any(${feedAudiences(viewer, author)}::text[]))`;

const isUnrefusedIn = (refused: Qualified, viewer: Qualified, author: Qualified): string => `case
      when cardinality(${refused}) < ${MAX_REFUSED} then ${author} <> all(${refused})
      else ${relationOf(viewer, author, OUT_OF_SIGHT_OR_MUTED)} is not true end`;
