import type { TestUser } from '../src/test-users.js';
import { addFollow, becomePublic, edge, endFollow, isBlocked, isOn, seesPostsOf } from './model.js';
import type { Scene } from './scene.js';

export async function toggleFollow(scene: Scene): Promise<void> {
  const other = somebodyElse(scene);
  if (!other) return;
  await scene.locks.shared([other.id], async () => {
    const { follows, requests } = scene.model;
    if (isBlocked(scene.model, scene.me.id, other.id)) return;
    const wanted = !isOn(follows, scene.me.id, other.id) && !isOn(requests, scene.me.id, other.id);
    await toUser(scene, wanted ? 'followUser' : 'unfollowUser', other);
    (wanted ? addFollow : endFollow)(scene.model, scene.me.id, other.id);
  });
}

export async function toggleBlock(scene: Scene): Promise<void> {
  const other = somebodyElse(scene);
  if (!other) return;
  await scene.locks.exclusive([scene.me.id, other.id], async () => {
    const wanted = !isOn(scene.model.blocks, scene.me.id, other.id);
    await toUser(scene, wanted ? 'blockUser' : 'unblockUser', other);
    scene.model.blocks.set(edge(scene.me.id, other.id), wanted);
    endFollow(scene.model, scene.me.id, other.id);
    endFollow(scene.model, other.id, scene.me.id);
  });
}

export function togglePrivate(scene: Scene): Promise<void> {
  return scene.locks.exclusive([scene.me.id], async () => {
    const isPrivate = !scene.model.privates.has(scene.me.id);
    await scene.client.write('mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }', {
      input: { isPrivate },
    });
    if (isPrivate) scene.model.privates.add(scene.me.id);
    else becomePublic(scene.model, scene.me.id);
  });
}

/** Reads somebody's post while nobody changes who sees it. */
export async function look(scene: Scene): Promise<void> {
  const posts = [...scene.model.posts];
  const [id, post] = posts[Math.floor(scene.random() * posts.length)] ?? [];
  if (!id || !post) return;
  await scene.locks.shared([post.authorId], async () => {
    const { data, errors } = await scene.me.client.answer<{ post: object | null }>(
      'query ($id: ID!) { post(id: $id) { id caption } }',
      { id },
    );
    const isSeen = data?.post != null;
    const maySee = seesPostsOf(scene.model, scene.me.id, post.authorId);
    if (isSeen && !maySee) scene.model.defects.push(`I10 ${scene.me.username} sees post ${id}`);
    if (!isSeen && !errors && maySee && !post.deleted) scene.model.missed.add(id);
  });
}

function somebodyElse(scene: Scene): TestUser | undefined {
  const other = scene.users[Math.floor(scene.random() * scene.users.length)]!;
  return other === scene.me ? undefined : other;
}

function toUser(scene: Scene, mutation: string, { id }: TestUser): Promise<unknown> {
  return scene.client.write(`mutation ($userId: ID!) { ${mutation}(userId: $userId) { id } }`, { userId: id });
}
