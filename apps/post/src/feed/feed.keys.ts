/**
 * The three keys of a viewer's feed. The braces make all keys of one viewer live on one node.
 *
 * - following: a hash. One field per author that the feed is made of, and STATE: the run id of the Redis server under which the
 *   feed was completed, or BUILDING. Without this key the feed is cold.
 * - posts: a sorted set of post ids, score = createdAt in milliseconds. Ids of one millisecond are ordered by their bytes, as
 *   Postgres orders uuids. It holds every post of these authors from the newest down to its lowest member, without a hole. The
 *   member END at score 0 means that there is nothing older: who trims the set from below removes END first.
 * - lease: the nonce of the one rebuild that may fill the feed.
 */
export const feedKey = {
  following: (viewerId: string) => `feed:{${viewerId}}:following`,
  posts: (viewerId: string) => `feed:{${viewerId}}:posts`,
  lease: (viewerId: string) => `feed:{${viewerId}}:lease`,
};

/** The field of `following` that is no author. */
export const STATE = '#';
export const BUILDING = 'building';
/** The member of `posts` that is no post. */
export const END = 'end';

/** Members of `posts` at most. */
export const MAX_MEMBERS = 500;
/** Feeds that nobody reads for so long go cold; a read renews the time. */
export const FEED_TTL_SECONDS = 3 * 24 * 60 * 60;
/** A rebuild that takes longer has lost. */
export const LEASE_MS = 10_000;
