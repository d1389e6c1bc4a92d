import { change, follow } from '../actions.js';
import type { Change, Changes, Scene } from './change.js';

/** Mutations of how the viewer and the other stand to each other. */
export const relationshipChanges: Changes = {
  followUser: ({ other }) => ({
    variables: { userId: other.id },
    shows: ['UserQuery', { username: other.username }],
  }),
  unfollowUser: async ({ viewer, other }) => {
    await follow(viewer.client, other.id);
    return { variables: { userId: other.id }, shows: ['UserQuery', { username: other.username }] };
  },
  acceptFollowRequest: async (scene) => {
    await ask(scene);
    return onOther(scene);
  },
  rejectFollowRequest: async (scene) => {
    await ask(scene);
    return onOther(scene);
  },
  removeFollower: async (scene) => {
    await setPrivate(scene, false);
    await follow(scene.other.client, scene.viewer.id);
    return onOther(scene);
  },
  addCloseFriend: onOther,
  removeCloseFriend: onOther,
  muteUser: onOther,
  unmuteUser: onOther,
  blockUser: async (scene) => {
    await Promise.all([follow(scene.viewer.client, scene.other.id), follow(scene.other.client, scene.viewer.id)]);
    await change(scene.viewer.client, 'addCloseFriend', scene.other.id);
    return onOther(scene);
  },
  unblockUser: onOther,
};

/** The viewer changes how they and the other stand to each other, and looks at the other. */
function onOther({ other }: Scene): Change {
  return { variables: { userId: other.id }, shows: ['UserQuery', { username: other.username }] };
}

/** Lets the other wait for the viewer, whose account is private. */
async function ask(scene: Scene): Promise<void> {
  await setPrivate(scene, true);
  await change(scene.other.client, 'unfollowUser', scene.viewer.id);
  await follow(scene.other.client, scene.viewer.id);
}

async function setPrivate({ viewer }: Scene, isPrivate: boolean): Promise<void> {
  await viewer.client.request(
    'mutation ($isPrivate: Boolean!) { updateProfile(input: { isPrivate: $isPrivate }) { id } }',
    { isPrivate },
  );
}
