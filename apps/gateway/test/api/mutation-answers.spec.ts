import { AppError, notFound } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import { accountRpc, discoveryRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { aPost, anAccountState, aProfile } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

/** A document is compiled when it comes for the third time. */
const UNTIL_COMPILED = 4;

describe('the answer of a mutation', () => {
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
  });
  afterAll(() => world?.close());

  const idOfMe = () => `user_${ann.id}`;

  it('tells of both sides of a follow, under an id that the two have together', async () => {
    const bo = aProfile();
    world.profiles.set(bo.id, bo);
    const { data } = await world.gql(
      'mutation ($id: ID!) { followUser(userId: $id) { id following user { id followerCount } viewer { id followingCount } } }',
      { id: `user_${bo.id}` },
      { as: ann },
    );
    expect(data.followUser).toEqual({
      id: `relationship_${ann.id}_${bo.id}`,
      following: true,
      user: { id: `user_${bo.id}`, followerCount: 2 },
      viewer: { id: idOfMe(), followingCount: 3 },
    });
    const read = await world.gql(`{ user(username: "${bo.username}") { relationship { id } } }`, {}, { as: ann });
    expect(read.data.user.relationship.id).toBe(data.followUser.id);
  });

  it('names what was deleted, and what is left around it', async () => {
    const [post, comment] = [aPost({ authorId: ann.id, commentCount: 6 }), newId()];
    await world.answer(postRpc.delete, () => ({ deleted: true }));
    await world.answer(postRpc.deleteComment, () => ({ deleted: true, postId: post.id }));
    await world.answer(postRpc.byIds, () => [post]);
    const { data } = await world.gql(
      `mutation ($post: ID!, $comment: ID!) {
        deleteComment(id: $comment) { id post { id commentCount } }
        deletePost(id: $post) { id author { id postCount } }
      }`,
      { post: `post_${post.id}`, comment: `comment_${comment}` },
      { as: ann },
    );
    expect(data).toEqual({
      deleteComment: { id: `comment_${comment}`, post: { id: `post_${post.id}`, commentCount: 6 } },
      deletePost: { id: `post_${post.id}`, author: { id: idOfMe(), postCount: 4 } },
    });
  });

  it('shows what is true after its own change, also where an earlier change of the operation has shown it', async () => {
    let left = 100;
    await world.answer(postRpc.delete, () => {
      left--;
      return { deleted: true };
    });
    const before = world.handlerOf(postRpc.countsByAuthors);
    await world.answer(postRpc.countsByAuthors, () => [{ authorId: ann.id, postCount: left }]);
    for (let round = 0; round < UNTIL_COMPILED; round++) {
      const expected = left;
      const { data } = await world.gql(
        `mutation ($id: ID!) {
          one: deletePost(id: $id) { author { postCount } }
          two: deletePost(id: $id) { author { postCount } }
        }`,
        { id: `post_${newId()}` },
        { as: ann },
      );
      expect([data.one.author.postCount, data.two.author.postCount]).toEqual([expected - 1, expected - 2]);
    }
    await world.answer(postRpc.countsByAuthors, before);
  });

  it('knows the unread count from the change itself, and asks for it where it only reads', async () => {
    await world.answer(notificationRpc.markRead, () => ({ unreadCount: 3 }));
    world.clearCalls();
    const marked = await world.gql(
      `mutation { markNotificationsRead(upTo: "notification_${newId()}") { id unreadCount } }`,
      {},
      { as: ann },
    );
    expect(world.callsOf(notificationRpc.unreadCount)).toHaveLength(0);
    const read = await world.gql('{ notificationSummary { id unreadCount } }', {}, { as: ann });
    expect(read.data.notificationSummary).toEqual({ id: marked.data.markNotificationsRead.id, unreadCount: 7 });
  });

  it('says that a password was changed, also when the account cannot be shown now', async () => {
    const bo = await world.signUp();
    const before = world.handlerOf(accountRpc.state);
    const change = (currentPassword: string, newPassword: string) =>
      world.gql(
        'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { account { id role } } }',
        { input: { currentPassword, newPassword } },
        { as: bo },
      );
    await world.answer(accountRpc.state, () => {
      throw new AppError('UNAVAILABLE', 'not now');
    });
    const { data, errors } = await change('correct-horse-1', 'another-horse-2');
    await world.answer(accountRpc.state, before);
    expect(data).toEqual({ changePassword: { account: null } });
    expect(errors!.map(({ path }) => path)).toEqual([['changePassword', 'account', 'role']]);
    expect((await change('another-horse-2', 'third-horse-3')).data.changePassword.account).toMatchObject({
      id: `my-account_${bo.id}`,
    });
  });

  it('shows the user behind a moderated account as everybody sees them, and so does the next read', async () => {
    const stateBefore = world.handlerOf(accountRpc.state);
    await world.answer(accountRpc.state, ({ userId }) => anAccountState({ userId, role: 'MODERATOR' }));
    const moderator = await world.signUp();
    await world.answer(accountRpc.state, stateBefore);
    const bo = aProfile();
    world.profiles.set(bo.id, bo);
    const node = `{ node(id: "user_${bo.id}") { id } }`;
    expect((await world.gql(node)).data.node).toEqual({ id: `user_${bo.id}` });
    await world.answer(accountRpc.ban, ({ userId }) => {
      world.profiles.delete(userId);
      const { secondFactor: _, ...account } = anAccountState({ userId, status: 'BANNED' });
      return { ...account, username: bo.username, reason: 'spam', changedAt: null };
    });
    const { data } = await world.gql(
      'mutation ($id: ID!) { banUser(input: { userId: $id, reason: "spam" }) { id userId status user { id } } }',
      { id: `user_${bo.id}` },
      { as: moderator },
    );
    expect(data.banUser).toEqual({
      id: `moderated-account_${bo.id}`,
      userId: `user_${bo.id}`,
      status: 'BANNED',
      user: null,
    });
    expect((await world.gql(node)).data?.node ?? null).toBeNull();
  });

  it('names the user whose suggestion is dismissed, and the argument where that is nobody', async () => {
    const dismiss = (userId: string) =>
      world.gql('mutation ($userId: ID!) { dismissSuggestion(userId: $userId) }', { userId }, { as: ann });
    const id = newId();
    await world.answer(discoveryRpc.dismissSuggestion, ({ dismissedId }) => {
      if (dismissedId !== id) throw notFound('user', ['dismissedId']);
      return { dismissedId };
    });
    expect((await dismiss(`user_${id}`)).data).toEqual({ dismissSuggestion: `user_${id}` });
    for (const [userId, code] of [
      [`user_${newId()}`, 'NOT_FOUND'],
      [`post_${newId()}`, 'BAD_USER_INPUT'],
      ['nobody', 'BAD_USER_INPUT'],
    ] as const)
      expect((await dismiss(userId)).errors![0]!.extensions).toMatchObject({ code, path: ['userId'] });
  });
});
