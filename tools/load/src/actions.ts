import {
  createComment,
  createPost,
  explore,
  followUser,
  homeFeed,
  likePost,
  notifications,
  post as postById,
  postComments,
  searchUsers,
  unlikePost,
  user,
  userPosts,
} from '@fowergram/client/operations';
import type { FowergramClient, RequestOptions } from '@fowergram/client';
import type { Known, KnownPost } from './known.js';
import type { Actor } from './actors.js';

/** What an action works with. */
export interface Scene {
  me: Actor;
  actors: readonly Actor[];
  known: Known;
  pick: <T>(items: readonly T[]) => T | undefined;
  photo: Blob;
  /** Reports an answer that contradicts what was acknowledged. */
  isWrong: (what: string) => void;
}

export interface Action {
  name: string;
  /** How many of a hundred operations are this one. */
  share: number;
  run: (scene: Scene) => Promise<void>;
}

/** A failure is counted and not hidden by a repeat. */
const once: RequestOptions = { giveUpAfterMs: 0 };
type Request = FowergramClient['request'];
const asking = ({ me }: Scene): Request => me.client.request;

/** An ordinary day: most look, some answer, few post. */
export const ACTIONS: readonly Action[] = [
  { name: 'homeFeed', share: 45, run: readHomeFeed },
  { name: 'profile', share: 10, run: readProfile },
  { name: 'post and comments', share: 12, run: readPost },
  { name: 'explore', share: 4, run: async (scene) => void (await asking(scene)(explore, { first: 20 }, once)) },
  { name: 'notifications', share: 6, run: readNotifications },
  {
    name: 'searchUsers',
    share: 2,
    run: async (scene) => void (await asking(scene)(searchUsers, { query: 'load', first: 10 }, once)),
  },
  { name: 'likePost', share: 11, run: (scene) => changeLike(scene, true) },
  { name: 'unlikePost', share: 2, run: (scene) => changeLike(scene, false) },
  { name: 'createComment', share: 4, run: comment },
  { name: 'followUser', share: 2, run: follow },
  { name: 'upload and createPost', share: 2, run: post },
];

async function readHomeFeed(scene: Scene): Promise<void> {
  const { edges } = (await asking(scene)(homeFeed, { first: 20 }, once)).homeFeed!;
  if (new Set(edges.map(({ node }) => node.id)).size < edges.length) scene.isWrong('homeFeed: a post is there twice');
}

async function readProfile(scene: Scene): Promise<void> {
  const { username } = scene.pick(scene.actors)!;
  const answers = await Promise.all([
    asking(scene)(user, { username }, once),
    asking(scene)(userPosts, { username, first: 12 }, once),
  ]);
  if (answers[0].user?.username !== username) scene.isWrong(`profile: ${username} is not there`);
}

async function readPost(scene: Scene): Promise<void> {
  const known = scene.pick(scene.known.all);
  if (!known) return readHomeFeed(scene);
  const before = known.likes.get(scene.me.index);
  const isBusy = () => scene.known.isBusy(scene.me.index, known);
  const wasBusy = isBusy();
  const [{ post: answer }] = await Promise.all([
    asking(scene)(postById, { id: known.id }, once),
    asking(scene)(postComments, { id: known.id, first: 20 }, once),
  ]);
  if (!answer) return scene.isWrong(`post: ${known.id} was acknowledged and is not there`);
  const isSettled = !wasBusy && !isBusy() && before === known.likes.get(scene.me.index) && before !== 'UNKNOWN';
  if (isSettled && answer.viewerHasLiked !== (before === 'YES'))
    scene.isWrong(`post: ${known.id} says viewerHasLiked ${answer.viewerHasLiked} after ${before ?? 'no'} like`);
}

async function readNotifications(scene: Scene): Promise<void> {
  const { edges } = (await asking(scene)(notifications, { first: 20 }, once)).notifications!;
  if (new Set(edges.map(({ node }) => node.id)).size < edges.length) scene.isWrong('notifications: one is there twice');
}

async function changeLike(scene: Scene, like: boolean): Promise<void> {
  const known = scene.pick(scene.known.all);
  if (!known || !scene.known.begin(scene.me.index, known)) return readHomeFeed(scene);
  const { me, isWrong } = scene;
  const before = known.likes.get(me.index) ?? 'NO';
  known.likes.set(me.index, 'UNKNOWN');
  try {
    const said = await sayLike(scene, known, like);
    if (said !== like) isWrong(`${like ? 'likePost' : 'unlikePost'}: ${known.id} answers viewerHasLiked ${said}`);
    known.likes.set(me.index, like ? 'YES' : 'NO');
  } catch (error) {
    // Refused whole: it is as it was.
    if ((error as { code?: string }).code === 'RATE_LIMITED') known.likes.set(me.index, before);
    throw error;
  } finally {
    scene.known.end(me.index, known);
  }
}

async function sayLike(scene: Scene, { id }: KnownPost, like: boolean): Promise<boolean> {
  const variables = { postId: id };
  if (like) return (await asking(scene)(likePost, variables, once)).likePost.viewerHasLiked;
  return (await asking(scene)(unlikePost, variables, once)).unlikePost.viewerHasLiked;
}

async function comment(scene: Scene): Promise<void> {
  const known = scene.pick(scene.known.all);
  if (!known) return readHomeFeed(scene);
  known.commentsUnknown += 1;
  try {
    await asking(scene)(createComment, { input: { postId: known.id, text: 'How lovely' } }, once);
    known.comments += 1;
    known.commentsUnknown -= 1;
  } catch (error) {
    if ((error as { code?: string }).code === 'RATE_LIMITED') known.commentsUnknown -= 1;
    throw error;
  }
}

async function follow(scene: Scene): Promise<void> {
  const other = scene.pick(scene.actors)!;
  if (other.index === scene.me.index) return readHomeFeed(scene);
  const { followUser: relationship } = await asking(scene)(followUser, { userId: other.id }, once);
  if (!relationship.following) scene.isWrong(`followUser: ${other.username} is not followed after it`);
}

async function post(scene: Scene): Promise<void> {
  const photo = await scene.me.client.upload(scene.photo, { altText: 'Hills under a sun' });
  const input = { caption: 'A day at the sea #load', mediaIds: [photo.id] };
  const { createPost: made } = await asking(scene)(createPost, { input }, once);
  scene.known.add({ id: made.id, author: scene.me.index });
}
