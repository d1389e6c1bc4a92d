import { AppError } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import { relationshipRpc, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { cursorIn } from '../support/cursors.js';
import { aProfile, aRelation, changed } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const HIDING = {
  unfollowUser: userRpc.unfollow,
  rejectFollowRequest: relationshipRpc.rejectRequest,
  removeFollower: relationshipRpc.removeFollower,
  blockUser: relationshipRpc.block,
  muteUser: relationshipRpc.mute,
  removeCloseFriend: relationshipRpc.removeCloseFriend,
};
const SHOWING = {
  followUser: userRpc.follow,
  acceptFollowRequest: relationshipRpc.acceptRequest,
  unblockUser: relationshipRpc.unblock,
  unmuteUser: relationshipRpc.unmute,
  addCloseFriend: relationshipRpc.addCloseFriend,
};
const APPLY = [postRpc.applyVisibility, notificationRpc.applyVisibility];

let world: World;
let ann: TestUser;
beforeAll(async () => {
  world = await openWorld();
  ann = await world.signUp();
});
afterAll(() => world?.close());

describe('A mutation of a relationship', () => {
  const bo = newId();
  const changes = { relations: [aRelation({ authorId: bo })], accounts: [] };
  beforeEach(async () => {
    for (const contract of APPLY) await world.answer(contract, () => ({}));
    for (const contract of [...Object.values(HIDING), ...Object.values(SHOWING)] as (typeof relationshipRpc.block)[])
      await world.answer(contract, () => ({ ...changed({ userId: bo }), changes }));
    world.clearCalls();
  });

  const send = (mutation: string, headers: Record<string, string> = {}) =>
    world.gql(`mutation { ${mutation}(userId: "user_${bo}") { id } }`, {}, { as: ann, headers });
  const away = () => {
    throw new AppError('UNAVAILABLE', 'away');
  };

  it.each(Object.keys({ ...HIDING, ...SHOWING }))(
    'is in force with the owners of content before it is answered: %s',
    async (mutation) => {
      expect((await send(mutation)).data[mutation]).toEqual({ id: `relationship_${ann.id}_${bo}` });
      for (const contract of APPLY) expect(world.callsOf(contract).map(({ input }) => input)).toEqual([changes]);
    },
  );

  it.each(Object.keys(HIDING))(
    'that hides something fails while it is not in force, and a repeat completes it: %s',
    async (mutation) => {
      for (const contract of APPLY) {
        await world.answer(contract, away);
        const headers = { 'idempotency-key': newId() };
        const { errors } = await send(mutation, headers);
        expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', reason: 'NOT_IN_FORCE_YET' });
        await world.answer(contract, () => ({}));
        expect((await send(mutation, headers)).errors).toBeUndefined();
      }
    },
  );

  it.each(Object.keys(SHOWING))(
    'that only shows more is answered also while it is not in force: %s',
    async (mutation) => {
      for (const contract of APPLY) await world.answer(contract, away);
      expect((await send(mutation)).errors).toBeUndefined();
    },
  );

  it.each(Object.keys({ ...HIDING, ...SHOWING }))(
    'takes the id of a user and no other, and needs a session: %s',
    async (mutation) => {
      for (const id of [`post_${bo}`, bo, 'user_1', '']) {
        const { errors } = await world.gql(`mutation { ${mutation}(userId: "${id}") { id } }`, {}, { as: ann });
        expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['userId'] });
      }
      const { errors } = await world.gql(`mutation { ${mutation}(userId: "user_${bo}") { id } }`, {});
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect(world.callsOf({ ...HIDING, ...SHOWING }[mutation] as typeof relationshipRpc.block)).toEqual([]);
    },
  );

  it('mutes what is said until then, and everything for good where nothing is', async () => {
    const mute = (args: string) =>
      world.gql(`mutation { muteUser(userId: "user_${bo}"${args}) { id } }`, {}, { as: ann });
    await mute('');
    await mute(', posts: true, notifications: false, until: "2099-01-01T00:00:00Z"');
    expect(world.callsOf(relationshipRpc.mute).map(({ input }) => input)).toMatchObject([
      { viewerId: ann.id, userId: bo, posts: true, notifications: true },
      { posts: true, notifications: false, until: '2099-01-01T00:00:00.000Z' },
    ]);
  });

  it('makes an account private in the same way, and asks nobody where nothing of that is said', async () => {
    const accounts = [{ userId: ann.id, version: 1, hidden: false, isPrivate: true }];
    await world.answer(userRpc.updateProfile, ({ isPrivate }) => ({
      ...aProfile({ id: ann.id, isPrivate: isPrivate ?? false }),
      ...(isPrivate !== undefined && { changes: { relations: [], accounts } }),
    }));
    const update = (input: string) =>
      world.gql(`mutation { updateProfile(input: { ${input} }) { isPrivate } }`, {}, { as: ann });
    expect((await update('isPrivate: true')).data.updateProfile).toEqual({ isPrivate: true });
    expect(world.callsOf(postRpc.applyVisibility).map(({ input }) => input)).toEqual([{ relations: [], accounts }]);
    await world.answer(postRpc.applyVisibility, away);
    expect((await update('isPrivate: true')).errors?.[0]?.extensions).toMatchObject({ reason: 'NOT_IN_FORCE_YET' });
    expect((await update('isPrivate: false')).errors).toBeUndefined();
    world.clearCalls();
    await update('bio: "Paints."');
    expect(world.callsOf(postRpc.applyVisibility)).toEqual([]);
  });
});

describe('A list of the viewer alone', () => {
  const bo = aProfile();
  beforeAll(() => void world.profiles.set(bo.id, bo));

  it.each([
    ['followRequests', relationshipRpc.requests],
    ['sentFollowRequests', relationshipRpc.sentRequests],
    ['blockedUsers', relationshipRpc.blocked],
    ['mutedUsers', relationshipRpc.muted],
    ['closeFriends', relationshipRpc.closeFriends],
  ])('is a page of users, and nobody else’s: %s', async (field, contract) => {
    await world.answer(contract, () => ({ edges: [{ cursor: 'c', node: bo.id }], hasNextPage: true }));
    const cursor = (position: string) => cursorIn({ name: `Query.${field}`, viewer: ann }, position);
    const query = `{ ${field}(first: 1, after: "${cursor('a')}") { edges { cursor node { username } } pageInfo { hasNextPage } } }`;
    const { data } = await world.gql(query, {}, { as: ann });
    expect(data[field]).toEqual({
      edges: [{ cursor: cursor('c'), node: { username: bo.username } }],
      pageInfo: { hasNextPage: true },
    });
    expect(world.callsOf(contract).map(({ input }) => input)).toEqual([{ viewerId: ann.id, first: 1, after: 'a' }]);
    expect((await world.gql(query, {})).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('A user who is named by id or by name', () => {
  const bo = aProfile();
  beforeAll(() => void world.profiles.set(bo.id, bo));

  it('is asked for on behalf of the viewer, also where the card is cached', async () => {
    const query = `{ node(id: "user_${bo.id}") { id } user(username: "${bo.username}") { id } }`;
    expect((await world.gql(query, {})).data.node).toEqual({ id: `user_${bo.id}` });
    world.clearCalls();
    await world.gql(query, {}, { as: ann });
    expect(world.callsOf(userRpc.profilesByIds).map(({ input }) => input)).toEqual([
      { ids: [bo.id], viewerId: ann.id },
    ]);
    expect(world.callsOf(userRpc.profileByUsername).map(({ input }) => input)).toEqual([
      { username: bo.username, viewerId: ann.id },
    ]);
    await world.answer(userRpc.profilesByIds, () => []);
    expect((await world.gql(query, {}, { as: ann })).data.node).toBeNull();
  });
});
