import { randomUUID } from 'node:crypto';
import type { ListCase, OpenList } from './cases.js';
import type { Stage } from './stage.js';

const FOLLOW = 'insert into follow (follower_id, followee_id, created_at) values ($1, $2, $3)';
const UNFOLLOW = 'delete from follow where $1 in (follower_id, followee_id)';

/** A list of users of whom each is put into it by a statement with their id and a time, and taken out by one with their id. */
async function users(stage: Stage, put: string, takeOut: string, ownerId = stage.viewerId): Promise<OpenList> {
  return {
    add: async (at) => {
      const id = await stage.user();
      await stage.write('user', put, [ownerId, id, at]);
      return id;
    },
    remove: (id) => stage.write('user', takeOut, [ownerId, id]),
  };
}

/** A list of an account that somebody else has, whose edges are made by `put`. */
const ofAccount =
  (put: (owner: string, user: string, viewer: string) => [string, string][]) => async (stage: Stage) => {
    const owner = await stage.user();
    return {
      ownerId: `user_${owner}`,
      add: async (at: Date) => {
        const id = await stage.user();
        for (const [follower, followee] of put(owner, id, stage.viewerId))
          await stage.write('user', FOLLOW, [follower, followee, at]);
        return id;
      },
      remove: (id: string) => stage.write('user', UNFOLLOW, [id]),
      addUnseen: async (count: number) => {
        const ids = await stage.unseenAccounts(count);
        for (const ends of put(owner, SOMEBODY, stage.viewerId))
          await stage.write('user', FOLLOWS, [ids, ...ends.map((end) => (end === SOMEBODY ? null : end))]);
      },
    };
  };

const SOMEBODY = 'somebody';
const FOLLOWS = `
  insert into follow (follower_id, followee_id, created_at)
  select coalesce($2::uuid, id), coalesce($3::uuid, id), now() from unnest($1::uuid[]) id`;

const requests =
  (columns: string) =>
  async (stage: Stage): Promise<OpenList> => ({
    ...(await users(
      stage,
      `insert into follow_request (${columns}, created_at) values ($1, $2, $3)`,
      `delete from follow_request where (${columns}) = ($1, $2)`,
    )),
    addUnseen: async (count) =>
      stage.write(
        'user',
        `insert into follow_request (${columns}, created_at) select $1, id, now() from unnest($2::uuid[]) id`,
        [stage.viewerId, await stage.unseenAccounts(count)],
      ),
  });

const SOURCES = 3;

/** Suggested are those whom those follow whom the viewer follows: the more of them, the earlier. */
async function suggestions(stage: Stage): Promise<OpenList> {
  const sources: string[] = [];
  for (let count = 0; count < SOURCES; count++) {
    const source = await stage.user();
    await stage.write('user', FOLLOW, [stage.viewerId, source, new Date()]);
    await stage.write('user', COUNT, [source]);
    sources.push(source);
  }
  return {
    add: async (at) => {
      const id = await stage.user();
      const overlap = 1 + (at.getTime() % SOURCES);
      for (const source of sources.slice(0, overlap)) await stage.write('user', FOLLOW, [source, id, at]);
      return id;
    },
    remove: (id) => stage.write('user', UNFOLLOW, [id]),
  };
}

const COUNT = 'insert into follow_count (user_id, follower_count, following_count) values ($1, 0, 10)';

async function search(stage: Stage): Promise<OpenList> {
  return {
    add: (at) => stage.user(`lister${at.getTime() % 3}_${randomUUID().slice(0, 8)}`),
    remove: (id) => stage.write('user', 'delete from profile where id = $1', [id]),
  };
}

async function signIns(stage: Stage): Promise<OpenList> {
  return {
    add: async (at) => {
      const id = randomUUID();
      await stage.write('user', SIGN_IN, [id, stage.viewerId, at]);
      return id;
    },
    remove: (id) => stage.write('user', 'delete from sign_in where id = $1', [id]),
  };
}

const SIGN_IN = `
  insert into sign_in (id, user_id, outcome, ip_address, user_agent, created_at) values ($1, $2, 'SIGNED_IN', '10.0.0.1', 'test', $3)`;

const OWN = 'The viewer has put each of them there.';

export const userLists: ListCase[] = [
  { field: 'User.followers', open: ofAccount((owner, user) => [[user, owner]]) },
  { field: 'User.following', open: ofAccount((owner, user) => [[owner, user]]) },
  {
    field: 'User.mutualFollows',
    open: ofAccount((owner, user) => [
      [owner, user],
      [user, owner],
    ]),
  },
  {
    field: 'User.familiarFollowers',
    open: ofAccount((owner, user, viewer) => [
      [viewer, user],
      [user, owner],
    ]),
  },
  { field: 'Query.followRequests', open: requests('followee_id, follower_id') },
  { field: 'Query.sentFollowRequests', noCrowd: OWN, open: requests('follower_id, followee_id') },
  {
    field: 'Query.blockedUsers',
    noCrowd: OWN,
    open: (stage) =>
      users(
        stage,
        'insert into block (blocker_id, blocked_id, created_at) values ($1, $2, $3)',
        'delete from block where blocker_id = $1 and blocked_id = $2',
      ),
  },
  {
    field: 'Query.mutedUsers',
    noCrowd: OWN,
    open: (stage) =>
      users(
        stage,
        `insert into mute (muter_id, muted_id, posts_until, created_at) values ($1, $2, 'infinity', $3)`,
        'delete from mute where muter_id = $1 and muted_id = $2',
      ),
  },
  {
    field: 'Query.closeFriends',
    noCrowd: OWN,
    open: (stage) =>
      users(
        stage,
        'insert into close_friend (user_id, friend_id, created_at) values ($1, $2, $3)',
        'delete from close_friend where user_id = $1 and friend_id = $2',
      ),
  },
  { field: 'Query.suggestedUsers', open: suggestions, noCrowd: 'It is made of the best 500.' },
  {
    field: 'Query.searchUsers',
    args: 'query: "lister"',
    otherArgs: 'query: "list"',
    open: search,
    noCrowd: 'See search.spec.ts of the user service.',
  },
  { field: 'Query.signInHistory', open: signIns, noCrowd: 'The viewer sees all that is their own.' },
];
