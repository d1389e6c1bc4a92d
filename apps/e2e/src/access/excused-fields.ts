/** The types of which not everybody may see everything. */
export const guardedTypes = ['User', 'Post', 'Comment', 'Media', 'Notification', 'Node'];

const OWN = 'It answers the viewer with their own.';
const OWN_LIST = 'It lists the cards of those whom the viewer has to do with, and nobody else reads it.';
const TARGET = 'It takes the card of a user, which the row of cards asks by id.';

/** Fields that lead to one of these and need no path of their own, with the reason. */
export const excusedFields: Record<string, string> = {
  'Mutation.repost': 'It takes what everybody may see and nothing else; apps/post/test/reposts asks it.',
  'Mutation.unrepost': 'It takes back what is one’s own; apps/post/test/reposts asks who sees the post.',
  'Query.me': OWN,
  'Relationship.viewer': OWN,
  'DeleteCommentPayload.post': 'Whoever could delete the comment saw its post.',
  'DeleteCommentPayload.top': 'It is looked up like every comment by its id.',
  'DeleteCommentPayload.placeholder': 'It is looked up like every comment by its id.',
  'Mutation.updateComment': OWN,
  'Mutation.pinComment': 'Only the author of the post gets there; apps/post/test asks who does not.',
  'Mutation.unpinComment': 'Only the author of the post gets there; apps/post/test asks who does not.',
  'Notification.post': OWN,
  'Notification.comment':
    'It is looked up like every comment by its id, and the notification is shown as long as it is there.',
  'Mutation.updateProfile': OWN,
  'Mutation.createPost': OWN,
  'Mutation.updatePost': OWN,
  'Mutation.saveDraft': OWN,
  'Mutation.publishPost': OWN,
  'Mutation.schedulePost': OWN,
  'Mutation.archivePost': OWN,
  'Mutation.unarchivePost': OWN,
  'Mutation.restorePost': OWN,
  'Mutation.pinPost': OWN,
  'Mutation.unpinPost': OWN,
  'Query.drafts': OWN,
  'Query.scheduledPosts': OWN,
  'Query.archivedPosts': OWN,
  'Query.deletedPosts': OWN,
  'User.pinnedPosts': 'Those of User.posts that have a pin, found under the same condition; apps/post/test asks it.',
  'Mutation.tagPeople': OWN,
  'Mutation.approveTag': 'Whoever is tagged sees the post then, or gets NOT_FOUND; apps/post/test asks it.',
  'RemoveTagPayload.post': 'It is asked for by its id, as the rows of posts ask.',
  'Query.followRequests': OWN_LIST,
  'Query.sentFollowRequests': OWN_LIST,
  'Query.blockedUsers': OWN_LIST,
  'Query.mutedUsers': OWN_LIST,
  'Query.closeFriends': OWN_LIST,
  'Report.subject': 'It is asked of its owner in the name of the reporter or of the moderator.',
  'Mutation.hideContent': 'Only moderators get there; apps/e2e/journeys/reports asks who sees it then.',
  'Mutation.restoreContent': 'Only moderators get there; apps/e2e/journeys/reports asks who sees it then.',
  'Mutation.completeMediaUpload': OWN,
  'MediaUpload.media': OWN,
  'Subscription.mediaUpdated': OWN,
  'Relationship.user': TARGET,
  'User.familiarFollowers': 'A part of followers, found under the same condition; apps/user/test asks it.',
  'DeletePostPayload.author': OWN,
  'ModeratedAccount.user': 'Only moderators get there, whose the account is or not.',
};
