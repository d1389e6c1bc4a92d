import { randomUUID } from 'node:crypto';
import type { ListCase, OpenList } from './cases.js';
import type { Stage } from './stage.js';

const FOLLOW = 'insert into follow (follower_id, followee_id, created_at) values ($1, $2, $3)';
const UNFOLLOW = 'delete from follow where $1 in (follower_id, followee_id)';

/** A list of the viewer's own, which are the rows of a table of pairs. */
const ownUsers =
  (table: string, owner: string, other: string, more?: { columns: string; values: string }) =>
  async (stage: Stage): Promise<OpenList> => {
    const put = (ids: string[], at: Date) =>
      stage.write(
        'user',
        `insert into ${table} (${owner}, ${other}, created_at${more ? `, ${more.columns}` : ''})
         select $1, id, $3::timestamptz${more ? `, ${more.values}` : ''} from unnest($2::uuid[]) id`,
        [stage.viewerId, ids, at],
      );
    return {
      add: async (at) => {
        const id = await stage.user();
        await put([id], at);
        return id;
      },
      remove: (id) =>
        stage.write('user', `delete from ${table} where (${owner}, ${other}) = ($1, $2)`, [stage.viewerId, id]),
      addUnseen: async (count) => put(await stage.unseenAccounts(count), new Date()),
    };
  };

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

const OWN = 'The viewer sees all that is their own.';

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
  { field: 'Query.followRequests', open: ownUsers('follow_request', 'followee_id', 'follower_id') },
  { field: 'Query.sentFollowRequests', open: ownUsers('follow_request', 'follower_id', 'followee_id') },
  { field: 'Query.blockedUsers', open: ownUsers('block', 'blocker_id', 'blocked_id') },
  {
    field: 'Query.mutedUsers',
    open: ownUsers('mute', 'muter_id', 'muted_id', { columns: 'posts_until', values: `'infinity'` }),
  },
  { field: 'Query.closeFriends', open: ownUsers('close_friend', 'user_id', 'friend_id') },
  { field: 'Query.suggestedUsers', open: suggestions, noCrowd: 'It is made of the best 500.' },
  {
    field: 'Query.searchUsers',
    args: 'query: "lister"',
    otherArgs: 'query: "list"',
    open: search,
    noCrowd: 'See search.spec.ts of the user service.',
  },
  { field: 'Query.signInHistory', open: signIns, noCrowd: OWN },
];
