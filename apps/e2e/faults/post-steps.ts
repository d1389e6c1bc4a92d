import { randomUUID } from 'node:crypto';
import { edge, isBlocked, livePosts, seesPostsOf } from './model.js';
import type { Scene } from './scene.js';

export const toggleLike = (scene: Scene): Promise<void> =>
  atSomePost(scene, (postId) => toggle(scene, scene.model.likes, postId, ['likePost', 'unlikePost']));

export const toggleSave = (scene: Scene): Promise<void> =>
  atSomePost(scene, (postId) => toggle(scene, scene.model.saves, postId, ['savePost', 'unsavePost']));

/** Only what everybody may see is passed on. */
export const toggleRepost = (scene: Scene): Promise<void> =>
  atSomePost(scene, async (postId, authorId) => {
    if (!scene.model.privates.has(authorId)) await toggle(scene, scene.model.reposts, postId, ['repost', 'unrepost']);
  });

export function comment(scene: Scene): Promise<void> {
  return atSomePost(scene, async (postId) => {
    const text = `comment ${randomUUID()}`;
    const done = await scene.client.writeToPost<{ createComment: { id: string } }>(
      postId,
      'mutation ($input: CreateCommentInput!) { createComment(input: $input) { id } }',
      { input: { postId, text } },
    );
    if (done) scene.model.comments.set(done.createComment.id, { postId, authorId: scene.me.id, text });
  });
}

/** Likes a comment, or takes that back, while nobody changes whether its author is seen. */
export const toggleCommentLike = (scene: Scene): Promise<void> =>
  atSomePost(scene, async (postId, authorId) => {
    const comments = [...scene.model.comments].filter(([, each]) => each.postId === postId);
    const [commentId, said] = comments[Math.floor(scene.random() * comments.length)] ?? [];
    if (!commentId || !said) return;
    await scene.locks.shared([said.authorId], async () => {
      if ([scene.me.id, authorId].some((userId) => isBlocked(scene.model, userId, said.authorId))) return;
      const wanted = !scene.model.commentLikes.get(edge(scene.me.id, commentId));
      const mutation = `mutation ($commentId: ID!) { ${wanted ? 'likeComment' : 'unlikeComment'}(commentId: $commentId) { id } }`;
      if (await scene.client.writeToPost(postId, mutation, { commentId }))
        scene.model.commentLikes.set(edge(scene.me.id, commentId), wanted);
    });
  });

/** Puts an edge between the user and a post where none is, and takes it away where one is. */
async function toggle(
  scene: Scene,
  edges: Map<string, boolean>,
  postId: string,
  mutations: [string, string],
): Promise<void> {
  const wanted = !edges.get(edge(scene.me.id, postId));
  const mutation = `mutation ($postId: ID!) { ${mutations[wanted ? 0 : 1]}(postId: $postId) { id } }`;
  if (await scene.client.writeToPost(postId, mutation, { postId })) edges.set(edge(scene.me.id, postId), wanted);
}

/** Does something to a post that the user sees, while nobody changes that. */
async function atSomePost(scene: Scene, work: (postId: string, authorId: string) => Promise<void>): Promise<void> {
  const posts = livePosts(scene.model);
  const postId = posts[Math.floor(scene.random() * posts.length)];
  if (!postId) return;
  const { authorId } = scene.model.posts.get(postId)!;
  await scene.locks.shared([authorId], async () => {
    if (seesPostsOf(scene.model, scene.me.id, authorId)) await work(postId, authorId);
  });
}
