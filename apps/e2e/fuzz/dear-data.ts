import { encodePosition, encodeSequence } from '@fowergram/contracts-core';
import { query } from '../../../tools/stack/postgres.mjs';
import type { Pool } from './fuzz-case.js';

export interface DataSize {
  users: number;
  posts: number;
  /** Comments and likes of each post. */
  reactions: number;
}

const KINDS = { user: 1, post: 2, comment: 3, media: 4, notification: 5, claim: 6 } as const;
const PICTURES_OF_A_POST = 10;
const CREATED_AT = new Date('2026-11-21T09:30:00.000Z');

/** The same thing has the same id in each run, so that a seed finds the same documents again. */
const idOf = (kind: keyof typeof KINDS, index: number) =>
  `00000000-0000-7000-8000-${KINDS[kind].toString(16).padStart(4, '0')}${index.toString(16).padStart(8, '0')}`;
const ids = (kind: keyof typeof KINDS, count: number) =>
  Array.from({ length: count }, (_none, index) => idOf(kind, index));

/**
 * Fills the stores with as much as the schema allows of everything: long texts of characters that take many bytes, full posts,
 * full pages. Written straight to the tables: through the API it would take an hour.
 */
export async function insertDearData(
  databases: Record<string, string>,
  viewerId: string,
  size: DataSize,
): Promise<Pool> {
  const users = ids('user', size.users);
  const posts = ids('post', size.posts);
  const comments = ids('comment', size.posts * size.reactions);
  const media = ids('media', size.posts * PICTURES_OF_A_POST);
  const at = CREATED_AT.toISOString();
  await query(databases.user!, PROFILES, [users, media.slice(0, size.users), at]);
  await query(databases.user!, FOLLOWS, [[viewerId, ...users], at]);
  await query(databases.user!, FOLLOW_COUNTS, [[viewerId, ...users], size.users]);
  await query(databases.post!, POSTS, [posts, users, media, ids('claim', size.posts), size.reactions, at]);
  await query(databases.post!, COMMENTS, [posts, users, comments, size.reactions, at]);
  await query(databases.post!, LIKES, [posts, [viewerId, ...users].slice(0, size.reactions), at]);
  await query(databases.media!, MEDIA, [media, users, at]);
  const notifications = ids('notification', size.users);
  await query(databases.notification!, RECIPIENT, [viewerId, size.users]);
  await query(databases.notification!, NOTIFICATIONS, [notifications, viewerId, users, posts, at]);
  const positions = [...posts.slice(0, 10), ...comments.slice(0, 10), ...users.slice(0, 10)];
  return {
    users: users.map((id) => `user_${id}`),
    posts: posts.map((id) => `post_${id}`),
    comments: comments.slice(0, 200).map((id) => `comment_${id}`),
    media: media.slice(0, 200).map((id) => `media_${id}`),
    notifications: notifications.map((id) => `notification_${id}`),
    usernames: users.map((_id, index) => `dear_${index + 1}`),
    cursors: [...positions.map((id) => encodePosition({ at: CREATED_AT, id })), ...[0, 1, 50, 1e9].map(encodeSequence)],
  };
}

const PROFILES = `
  insert into profile (id, username, display_name, bio, avatar_media_id, created_at)
  select id, 'dear_' || n, repeat('界', 64), repeat('界', 500), avatar, $3
  from unnest($1::uuid[], $2::uuid[]) with ordinality as given(id, avatar, n)`;

const FOLLOWS = `
  insert into follow (follower_id, followee_id, created_at)
  select follower, followee, $2 from unnest($1::uuid[]) follower, unnest($1::uuid[]) followee where follower <> followee`;

const FOLLOW_COUNTS = `
  insert into follow_count (user_id, follower_count, following_count) select id, $2, $2 from unnest($1::uuid[]) id
  on conflict (user_id) do update set follower_count = $2, following_count = $2`;

// Every fourth caption takes three bytes for a character, every fourth six as JSON, every fourth is all hashtags, the others are short.
const TEXT = (index: string) =>
  `case ${index} % 4 when 0 then repeat('界', 2200) when 1 then repeat(E'\\x01', 2200) when 2 then repeat('#é1 ', 550) else 'A day at the sea #sun' end`;

const POSTS = `
  insert into post (id, author_id, caption, media_ids, hashtags, location, comments_disabled, claim_id, like_count, comment_count, created_at)
  select id, ($2::uuid[])[1 + n % cardinality($2::uuid[])], ${TEXT('n')}, ($3::uuid[])[n * 10 - 9 : n * 10],
    array(select 'tag' || t from generate_series(1, 30) t), repeat('界', 200), false, claim, $5, $5, $6
  from unnest($1::uuid[], $4::uuid[]) with ordinality as given(id, claim, n)`;

const COMMENTS = `
  insert into comment (id, post_id, author_id, text, created_at)
  select ($3::uuid[])[(n - 1) * $4 + c], post_id, ($2::uuid[])[1 + c % cardinality($2::uuid[])], ${TEXT('c')}, $5
  from unnest($1::uuid[]) with ordinality as given(post_id, n), generate_series(1, $4) c`;

const LIKES = `
  insert into post_like (post_id, user_id, created_at)
  select post_id, user_id, $3 from unnest($1::uuid[]) post_id, unnest($2::uuid[]) user_id`;

const MEDIA = `
  insert into media (id, owner_id, status, content_type, byte_size, alt_text, width, height, blurhash, variants, free_since, cleared_at, created_at)
  select id, ($2::uuid[])[1 + n % cardinality($2::uuid[])], 'READY', 'image/jpeg', 1000, repeat('界', 1000), 2000, 1000, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    (select jsonb_agg(jsonb_build_object('name', 'w' || w, 'width', w, 'height', w / 2, 'contentType', 'image/webp', 'byteSize', w)) from unnest(array[320, 640, 1080, 2000]) w),
    now(), now(), $3
  from unnest($1::uuid[]) with ordinality as given(id, n)`;

const RECIPIENT = `
  insert into recipient (id, last_sequence) values ($1, $2) on conflict (id) do update set last_sequence = excluded.last_sequence`;

const NOTIFICATIONS = `
  insert into notification (id, recipient_id, kind, actor_id, subject_id, post_id, version, active, sequence, created_at, updated_at)
  select id, $2, 'LIKE', actor, ($4::uuid[])[1 + n % cardinality($4::uuid[])], ($4::uuid[])[1 + n % cardinality($4::uuid[])], 1, true, n, $5, $5
  from unnest($1::uuid[], $3::uuid[]) with ordinality as given(id, actor, n)`;
