import { type Audience, postRpc } from '@fowergram/contracts-post';
import { MUTED_FOR_EVER, type Relation } from '@fowergram/contracts-user';
import type { World } from './world.js';

/** Who a viewer is to the author, where nothing else is said a stranger. */
export type RelationPart = Partial<Omit<Relation, 'viewerId' | 'authorId' | 'version'>>;

export const AUDIENCES: readonly Audience[] = ['PUBLIC', 'FOLLOWERS', 'CLOSE_FRIENDS'];

/** Each kind of viewer: what the user service says of them; null is nobody. Those who are blocked keep everything else. */
export const viewers: Record<string, RelationPart | null> = {
  nobody: null,
  stranger: {},
  follower: { follows: true },
  'close friend': { closeFriend: true },
  'close friend who follows': { follows: true, closeFriend: true },
  'somebody in a block': { follows: true, closeFriend: true, blocked: true },
  'follower who has reported the author': { follows: true, reported: true },
  'follower who muted': { follows: true, postsMutedUntil: MUTED_FOR_EVER },
  'follower whose mute is over': { follows: true, postsMutedUntil: '2026-01-01T00:00:00.000Z' },
};

export const accounts = {
  public: { hidden: false, isPrivate: false },
  private: { hidden: false, isPrivate: true },
  hidden: { hidden: true, isPrivate: false },
  'hidden and private': { hidden: true, isPrivate: true },
};

let version = 0;

/** Says to the post service how viewers stand to authors, as the gateway does; later says more. */
export async function relate(world: World, viewerId: string, authorId: string, relation: RelationPart): Promise<void> {
  await world.call(postRpc.applyVisibility, { relations: [relationOf(viewerId, authorId, relation)], accounts: [] });
}

export const relationOf = (viewerId: string, authorId: string, relation: RelationPart, at = ++version): Relation => ({
  viewerId,
  authorId,
  version: at,
  follows: false,
  closeFriend: false,
  blocked: false,
  reported: false,
  postsMutedUntil: null,
  notificationsMutedUntil: null,
  ...relation,
});

/** One of the two blocks the other, or does so no longer. */
export async function block(world: World, one: string, other: string, blocked = true): Promise<void> {
  const relations = [relationOf(one, other, { blocked }), relationOf(other, one, { blocked })];
  await world.call(postRpc.applyVisibility, { relations, accounts: [] });
}

export async function setAccount(
  world: World,
  userId: string,
  { hidden = false, isPrivate = false }: { hidden?: boolean; isPrivate?: boolean },
): Promise<void> {
  const accounts = [{ userId, version: ++version, hidden, isPrivate }];
  await world.call(postRpc.applyVisibility, { relations: [], accounts });
}
