/** What answers show, as fragments: the name of each is its name in the OpenAPI document. A page shows less of a thing than its own address. */
export const shapes: Record<string, string> = {
  Variant: 'on MediaVariant { name url width height }',
  Media:
    'on Media { id kind status rejectionCode rejectionReason width height blurhash altText url urlsExpireAt variants { ...Variant } }',
  Avatar: 'on Media { id url urlsExpireAt blurhash altText }',
  UserSummary: 'on User { id username displayName isVerified isPrivate avatar { ...Avatar } }',
  Relationship: 'on Relationship { following requested followedBy requestedBy blocking muting closeFriend }',
  RelationshipToUser: 'on Relationship { ...Relationship user { ...UserSummary } }',
  User: `on User {
    id username displayName bio links isVerified isPrivate showsFollowLists role createdAt hashtags
    followerCount followingCount postCount avatar { ...Avatar } relationship { ...Relationship }
  }`,
  Original: 'on Post { id code caption author { ...UserSummary } media { ...Avatar } mediaDisplay }',
  Post: `on Post {
    id code caption hashtags location commentPolicy commentsDisabled isSensitive contentWarning mediaDisplay audience state version
    likeCount commentCount repostCount viewerHasLiked viewerHasSaved viewerHasReposted createdAt editedAt publishAt
    author { ...UserSummary } media { ...Media } repostOf { ...Original }
  }`,
  Entity: 'on CaptionEntity { start end hashtag { id name } user { ...UserSummary } }',
  Tag: 'on PersonTag { x y user { ...UserSummary } media { id } }',
  PostDetails: `on Post {
    ...Post publishProblem hiddenReason saveCount viewerTag captionEntities { ...Entity } mentions { ...UserSummary }
    coAuthors { ...UserSummary } taggedPeople { ...Tag } pinnedComment { ...Comment }
  }`,
  PostEdit: 'on PostEdit { caption editedAt }',
  Comment: `on Comment {
    id text isDeleted isMuted likeCount viewerHasLiked replyCount createdAt editedAt hiddenReason
    author { ...UserSummary } parent { id } top { id }
  }`,
  Collection: 'on Collection { id name postCount }',
  Hashtag: 'on Hashtag { id name postCount viewerFollows }',
  Notification: `on Notification {
    id kind actorCount isRead createdAt updatedAt actors(first: 3) { ...UserSummary } post { id code } comment { id text }
  }`,
  NotificationSummary: 'on NotificationSummary { id unreadCount }',
  Account: 'on MyAccount { id email emailVerified hasPassword signInMethods secondFactor role }',
  AccountSession: 'on AccountSession { id isCurrent device ipAddress signedInAt lastUsedAt }',
  SignIn: 'on SignIn { id outcome method device ipAddress createdAt }',
  MutedWord: 'on MutedWord { id text expiresAt }',
  ContentPreferences: 'on ContentPreferences { id altText sensitiveMedia approvesTags }',
  MediaUpload: 'on MediaUpload { media { ...Media } url fields { name value } expiresAt }',
  Report: 'on Report { id reason note state outcome createdAt resolvedAt subjectId }',
  Webhook: 'on Webhook { id url events state stopReason failingSince createdAt }',
  WebhookWithSecret: 'on WebhookWithSecret { webhook { ...Webhook } secret }',
  WebhookDelivery: `on WebhookDelivery {
    id eventId event state tries createdAt nextTryAt lastStatus lastFailure lastDurationMs lastAnswer
  }`,
  WebhookReplay: 'on WebhookReplay { webhook { ...Webhook } count }',
};

/** A document with the fragments that it spreads, and those that these spread. */
export function withShapes(document: string): string {
  const names = new Set<string>();
  const collect = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/\.\.\.(\w+)/g)) {
      if (name === 'on' || names.has(name)) continue;
      names.add(name);
      collect(shapes[name]!);
    }
  };
  collect(document);
  return [document, ...[...names].map((name) => `fragment ${name} ${shapes[name]}`)].join('\n');
}
