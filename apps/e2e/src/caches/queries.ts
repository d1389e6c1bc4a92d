import type { Operations } from './cached-client.js';

/** What the app of these tests shows. */
export const queries: Operations = {
  MeQuery: `query MeQuery {
    me { id username displayName bio links showsFollowLists isPrivate avatar { id } followingCount postCount }
  }`,
  UserQuery: `query UserQuery($username: String!) {
    user(username: $username) {
      id username role followerCount followingCount
      relationship { id following requested followedBy requestedBy blocking muting closeFriend }
    }
    me { id followerCount followingCount }
  }`,
  PostQuery: `query PostQuery($id: ID!) {
    post(id: $id) { id caption audience likeCount commentCount viewerHasLiked pinnedComment { id } author { id username postCount } }
  }`,
  HashtagQuery: `query HashtagQuery($name: String!) {
    hashtag(name: $name) { id name postCount viewerFollows }
  }`,
  OwnPostQuery: `query OwnPostQuery($id: ID!) {
    post(id: $id) { id caption createdAt state version publishAt author { id postCount } }
  }`,
  PinsQuery: `query PinsQuery {
    me { id pinnedPosts { id version } }
  }`,
  MutedWordsQuery: `query MutedWordsQuery {
    mutedWords { id text expiresAt }
  }`,
  TagsQuery: `query TagsQuery($id: ID!) {
    post(id: $id) { id viewerTag taggedPeople { x y user { id username } media { id } } }
  }`,
  CoAuthorsQuery: `query CoAuthorsQuery($id: ID!) {
    post(id: $id) { id coAuthors { id username } invitedCoAuthors { id username } }
    me { id postCount }
  }`,
  ContentPreferencesQuery: `query ContentPreferencesQuery {
    contentPreferences { id altText sensitiveMedia approvesTags }
  }`,
  SavedPostQuery: `query SavedPostQuery($id: ID!) {
    post(id: $id) { id saveCount viewerHasSaved }
  }`,
  RepostedPostQuery: `query RepostedPostQuery($id: ID!) {
    post(id: $id) { id repostCount viewerHasReposted }
  }`,
  CollectionQuery: `query CollectionQuery($id: ID!) {
    node(id: $id) { ... on Collection { id name } }
  }`,
  CommentQuery: `query CommentQuery($comment: ID!) {
    node(id: $comment) { ... on Comment { id text editedAt isDeleted likeCount viewerHasLiked } }
  }`,
  ModeratedPostQuery: `query ModeratedPostQuery($post: ID!) {
    node(id: $post) { ... on Post { id caption hiddenReason } }
  }`,
  ReportStateQuery: `query ReportStateQuery($report: ID!) {
    node(id: $report) { ... on Report { id state outcome resolvedAt reportCount resolutionNote } }
  }`,
  MediaQuery: `query MediaQuery($id: ID!) {
    node(id: $id) { ... on Media { id status width height blurhash } }
  }`,
  NotificationsQuery: `query NotificationsQuery {
    notificationSummary { id unreadCount }
    notifications(first: 20) { edges { node { id kind isRead actors(first: 1) { id username } } } }
  }`,
  AccountQuery: `query AccountQuery {
    myAccount { id email emailVerified hasPassword signInMethods sessions { id isCurrent device } }
  }`,
  ModerationQuery: `query ModerationQuery($userId: ID!) {
    account(userId: $userId) { id userId username role status suspendedUntil reason changedAt user { id username role isVerified } }
  }`,
};
