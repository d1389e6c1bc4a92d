// What the test itself has had acknowledged, and the feed that follows from it. Nothing in here is shared with the statements of the
// service: each condition is written from docs/privacy.md and docs/posts.md, without a thought of what it costs.

/** Facts that the steps write down. `island` says which users belong together. */
export const TRUTH_TABLES = `
  create schema truth;
  create table truth.account (
    id uuid primary key, island integer not null,
    is_hidden boolean not null default false, is_private boolean not null default false, hides_sensitive boolean not null default false
  );
  create table truth.follow (who uuid, whom uuid, primary key (who, whom));
  create table truth.close_friend (who uuid, whom uuid, primary key (who, whom));
  create table truth.block (who uuid, whom uuid, primary key (who, whom));
  create table truth.report (who uuid, whom uuid, primary key (who, whom));
  create table truth.mute (who uuid, whom uuid, primary key (who, whom));
  create table truth.muted_word (who uuid, word text, primary key (who, word));
  create table truth.hashtag_follow (who uuid, hashtag text, primary key (who, hashtag));
  create table truth.post (
    id uuid primary key, island integer not null, author_id uuid not null, at timestamptz not null, caption text not null,
    audience text not null, state text not null, deleted_from text, is_sensitive boolean not null default false,
    is_taken_down boolean not null default false, repost_of uuid
  );
  create index on truth.post (island);
  create table truth.co_author (post_id uuid, who uuid, number serial, primary key (post_id, who));
  create table truth.post_report (who uuid, post_id uuid, primary key (who, post_id));`;

/**
 * Keeps a subquery from being answered for all rows at once: Postgres 15 hashes one that depends on a row of two levels above, and was seen
 * to ask the hash of one viewer for the next.
 */
const EACH_TIME = 'offset 0';

const has = (table: string, who: string, whom: string): string =>
  `exists (select from truth.${table} where who = ${who} and whom = ${whom} ${EACH_TIME})`;

const isBlocked = (one: string, other: string): string =>
  `(${has('block', one, other)} or ${has('block', other, one)})`;

/** The user wants nothing to do with the other, or the other with them. */
const isApart = (user: string, other: string): string => `(${isBlocked(user, other)} or ${has('report', user, other)})`;

const noCoAuthorIsApart = (user: string, post: string): string => `not exists (
  select from truth.co_author co where co.post_id = ${post}.id and ${isApart(user, 'co.who')} ${EACH_TIME})`;

/** Whoever is not the author may look at the post. */
const maySee = (viewer: string, post: string, author: string): string => `(
  not ${post}.is_taken_down and not ${author}.is_hidden and not ${isApart(viewer, `${author}.id`)}
  and case ${post}.audience
    when 'CLOSE_FRIENDS' then ${has('close_friend', `${author}.id`, viewer)}
    when 'FOLLOWERS' then ${has('follow', viewer, `${author}.id`)}
    else not ${author}.is_private or ${has('follow', viewer, `${author}.id`)} end
  and not exists (select from truth.post_report r where r.who = ${viewer} and r.post_id = ${post}.id ${EACH_TIME})
  and ${noCoAuthorIsApart(viewer, post)})`;

const hasMutedWord = (viewer: string, post: string): string => `exists (
  select from truth.muted_word w where w.who = ${viewer} and ${post}.caption ~ ('\\m' || w.word || '\\M') ${EACH_TIME})`;

/** Whoever may look at the post wants it in a feed. */
const wants = (viewer: string, post: string): string => `(
  not ${has('mute', viewer, `${post}.author_id`)}
  and not (${post}.is_sensitive and exists (select from truth.account me where me.id = ${viewer} and me.hides_sensitive ${EACH_TIME})))`;

/** It is of somebody whom the viewer follows, is theirs as a co-author, or has a hashtag that they follow. */
const comesTo = (viewer: string, post: string): string => `(
  ${has('follow', viewer, `${post}.author_id`)}
  or exists (
    select from truth.co_author co where co.post_id = ${post}.id and (co.who = ${viewer}
      or (${has('follow', viewer, 'co.who')} and not ${has('mute', viewer, 'co.who')}
        and not exists (select from truth.account whose where whose.id = co.who and whose.is_hidden ${EACH_TIME}))) ${EACH_TIME})
  or (${post}.audience = 'PUBLIC' and ${post}.repost_of is null and exists (
    select from truth.hashtag_follow h where h.who = ${viewer} and ${post}.caption ~ ('#' || h.hashtag || '\\M') ${EACH_TIME})))`;

/** What a repost passes on is there for the viewer and for whoever passes it on. */
const passesOn = (viewer: string, post: string): string => `(${post}.repost_of is null or exists (
  select from truth.post original join truth.account writer on writer.id = original.author_id
  where original.id = ${post}.repost_of and original.state = 'PUBLISHED'
    and not ${isBlocked(`${post}.author_id`, 'writer.id')}
    and (${post}.author_id = writer.id or ${noCoAuthorIsApart(`${post}.author_id`, 'original')})
    and (writer.id = ${viewer} or ${maySee(viewer, 'original', 'writer')})
    and (${post}.author_id = ${viewer} or writer.id = ${viewer} or ${wants(viewer, 'original')})
    and (${post}.author_id = ${viewer} or not ${hasMutedWord(viewer, 'original')}) ${EACH_TIME}))`;

/** The feeds of these viewers, whole: $1 their ids, $2 their island. */
export const FEEDS = `
  select viewer.id as "viewerId", array_agg(post.id order by post.at desc, post.id desc) as ids
  from unnest($1::uuid[]) viewer (id) cross join truth.post post join truth.account author on author.id = post.author_id
  where post.island = $2 and post.state = 'PUBLISHED'
    and (author.id = viewer.id or (${comesTo('viewer.id', 'post')} and ${maySee('viewer.id', 'post', 'author')}
      and ${wants('viewer.id', 'post')} and not ${hasMutedWord('viewer.id', 'post')}))
    and ${passesOn('viewer.id', 'post')}
  group by viewer.id`;
