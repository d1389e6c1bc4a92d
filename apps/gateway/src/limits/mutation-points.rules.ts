import { MAX_UPLOAD_BYTES } from '@fowergram/contracts-media';
import type { Bucket } from './limits.config.js';

type Arguments = Record<string, unknown>;
/** How many points one call of a mutation takes from each of its buckets. */
type MutationPoints = Partial<Record<Bucket, (args: Arguments) => number>>;

const one = (): number => 1;

/** Every mutation with what it takes; a test refuses a field of the schema that is not here. */
export const mutationPoints: Record<string, MutationPoints> = {
  likePost: { writes: one, likes: one },
  unlikePost: { writes: one, likes: one },
  savePost: { writes: one },
  unsavePost: { writes: one },
  repost: { writes: one, posts: one },
  unrepost: { writes: one },
  createCollection: { writes: one },
  renameCollection: { writes: one },
  deleteCollection: { writes: one },
  createComment: { writes: one, comments: one },
  updateComment: { writes: one, comments: one },
  deleteComment: { writes: one },
  likeComment: { writes: one, likes: one },
  unlikeComment: { writes: one, likes: one },
  pinComment: { writes: one },
  unpinComment: { writes: one },
  followUser: { writes: one, follows: one },
  unfollowUser: { writes: one, follows: one },
  followHashtag: { writes: one },
  unfollowHashtag: { writes: one },
  acceptFollowRequest: { writes: one },
  rejectFollowRequest: { writes: one },
  removeFollower: { writes: one },
  blockUser: { writes: one },
  unblockUser: { writes: one },
  muteUser: { writes: one },
  unmuteUser: { writes: one },
  addCloseFriend: { writes: one },
  removeCloseFriend: { writes: one },
  addMutedWord: { writes: one },
  removeMutedWord: { writes: one },
  createPost: { writes: one, posts: one },
  updatePost: { writes: one },
  updateContentPreferences: { writes: one },
  tagPeople: { writes: one },
  approveTag: { writes: one },
  removeTag: { writes: one },
  inviteCoAuthor: { writes: one },
  removeCoAuthor: { writes: one },
  acceptCoAuthorship: { writes: one, posts: one },
  declineCoAuthorship: { writes: one },
  deletePost: { writes: one },
  saveDraft: { writes: one },
  publishPost: { writes: one, posts: one },
  schedulePost: { writes: one, posts: one },
  archivePost: { writes: one },
  unarchivePost: { writes: one },
  restorePost: { writes: one },
  pinPost: { writes: one },
  unpinPost: { writes: one },
  createMediaUpload: { writes: one, uploads: one, uploadBytes: declaredBytes },
  completeMediaUpload: { writes: one },
  updateProfile: { writes: one, names: changesOfName },
  markNotificationsRead: { writes: one },
  changePassword: { writes: one },
  changeEmail: { writes: one },
  deactivateAccount: { writes: one },
  deleteAccount: { writes: one },
  revokeSession: { writes: one },
  revokeOtherSessions: { writes: one },
  suspendUser: { writes: one },
  banUser: { writes: one },
  reinstateUser: { writes: one },
  setUserRole: { writes: one },
  setVerified: { writes: one },
  createServiceAccount: { writes: one },
  createServiceKey: { writes: one },
  revokeServiceKey: { writes: one },
  closeServiceAccount: { writes: one },
  createWebhook: { writes: one },
  updateWebhook: { writes: one },
  rotateWebhookSecret: { writes: one },
  stopWebhook: { writes: one },
  startWebhook: { writes: one },
  replayWebhook: { writes: one },
  deleteWebhook: { writes: one },
  dismissSuggestion: { writes: one },
  report: { writes: one, reports: one },
  resolveReport: { writes: one },
  hideContent: { writes: one },
  restoreContent: { writes: one },
};

/** What is too large is refused by the media service, with words: here it only must not look like an upload that never fits. */
function declaredBytes(args: Arguments): number {
  const { byteSize } = inputOf(args);
  return typeof byteSize === 'number' ? Math.min(Math.max(byteSize, 0), MAX_UPLOAD_BYTES) : 0;
}

function changesOfName(args: Arguments): number {
  const { username, displayName } = inputOf(args);
  return username != null || displayName != null ? 1 : 0;
}

const inputOf = ({ input }: Arguments): Arguments => (input ?? {}) as Arguments;
