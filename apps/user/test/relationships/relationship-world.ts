import { type Profile, userRpc } from '@fowergram/contracts-user';
import { wrongCounts } from '../erasure/erasure-world.js';
import type { World } from '../world.js';

export const setPrivate = (world: World, { id: userId }: Profile, isPrivate = true) =>
  world.call(userRpc.updateProfile, { userId, isPrivate });

/** How the viewer stands to the user. */
export async function relationshipOf(world: World, viewer: Profile, user: Profile) {
  const [relationship] = await world.call(userRpc.relationships, { viewerId: viewer.id, userIds: [user.id] });
  return relationship!;
}

/** Throws unless counts equal edges and the last register of each pair that was published is what the tables say. */
export async function expectConsistent(world: World): Promise<void> {
  expect(await wrongCounts(world)).toEqual([]);
  expect(await world.db.query(STALE_REGISTERS)).toEqual([]);
  expect(await world.db.query(IMPOSSIBLE)).toEqual([]);
}

const STALE_REGISTERS = `
  select last.* from (
    select distinct on (payload ->> 'viewerId', payload ->> 'authorId') payload
    from outbox where subject = 'evt.user.relation.changed'
    order by payload ->> 'viewerId', payload ->> 'authorId', (payload ->> 'version')::bigint desc
  ) last
  cross join lateral (
    select (payload ->> 'viewerId')::uuid as viewer, (payload ->> 'authorId')::uuid as author
  ) p
  where (payload ->> 'follows')::boolean <> exists (select from follow where follower_id = viewer and followee_id = author)
     or (payload ->> 'closeFriend')::boolean <> exists (select from close_friend where user_id = author and friend_id = viewer)
     or (payload ->> 'blocked')::boolean <> exists (
       select from block where (blocker_id = viewer and blocked_id = author) or (blocker_id = author and blocked_id = viewer))
     or (payload ->> 'reported')::boolean <> exists (
       select from report where reporter_id = viewer and subject_id = author and hides_user)`;

// What no order of commands may leave behind.
const IMPOSSIBLE = `
  select 'follow beside a block' as what from follow f join block b
    on (f.follower_id = b.blocker_id and f.followee_id = b.blocked_id) or (f.follower_id = b.blocked_id and f.followee_id = b.blocker_id)
  union all
  select 'request beside a block' from follow_request r join block b
    on (r.follower_id = b.blocker_id and r.followee_id = b.blocked_id) or (r.follower_id = b.blocked_id and r.followee_id = b.blocker_id)
  union all
  select 'close friend beside a block' from close_friend c join block b
    on (c.user_id = b.blocker_id and c.friend_id = b.blocked_id) or (c.user_id = b.blocked_id and c.friend_id = b.blocker_id)
  union all
  select 'request beside its follow' from follow_request join follow using (follower_id, followee_id)
  union all
  select 'follow without a register' from follow f where not exists (
    select from outbox where subject = 'evt.user.relation.changed'
      and payload ->> 'viewerId' = f.follower_id::text and payload ->> 'authorId' = f.followee_id::text)`;
