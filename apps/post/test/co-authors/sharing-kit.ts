import { coAuthorRpc, postEvent, postRpc } from '@fowergram/contracts-post';
import { relate } from '../visibility-kit.js';
import { newUserIds, type World } from '../world.js';

/** What tests of co-authors do and look at. */
export function sharingIn(world: () => World) {
  const invite = (postId: string, authorId: string, userId: string) =>
    world().call(coAuthorRpc.invite, { postId, authorId, userId });
  const remove = (postId: string, authorId: string, userId: string) =>
    world().call(coAuthorRpc.remove, { postId, authorId, userId });
  const accept = (postId: string, userId: string) => world().call(coAuthorRpc.accept, { postId, userId });
  const decline = (postId: string, userId: string) => world().call(coAuthorRpc.decline, { postId, userId });
  const share = async (postId: string, authorId: string, ...userIds: string[]) => {
    for (const userId of userIds) {
      await invite(postId, authorId, userId);
      await accept(postId, userId);
    }
  };
  const invitations = async (userId: string) =>
    (await world().call(coAuthorRpc.invitations, { userId })).edges.map(({ node }) => node.id);
  const shown = async (postId: string, viewerId: string | null) =>
    (await world().call(postRpc.byIds, { ids: [postId], viewerId })).map(({ coAuthorIds = [] }) => coAuthorIds);
  const profile = async (authorId: string, viewerId: string | null) =>
    (await world().call(postRpc.byAuthor, { authorId, viewerId })).edges.map(({ node }) => node.id);
  const postCount = async (authorId: string) =>
    (await world().call(postRpc.countsByAuthors, { authorIds: [authorId] }))[0]!.postCount;
  const events = async (event: typeof postEvent.coAuthorInvited, post: string) =>
    (await world().published(event)).filter(({ postId }) => postId === post).map(({ userId }) => userId);
  const follow = async (viewerId: string, ...authorIds: string[]) => {
    for (const authorId of authorIds) {
      world().users.follow(viewerId, authorId);
      await relate(world(), viewerId, authorId, { follows: true });
    }
  };
  const fewUsers = (count: number) => newUserIds(count) as [string, string, string, string, string];
  return { invite, remove, accept, decline, share, invitations, shown, profile, postCount, events, follow, fewUsers };
}
