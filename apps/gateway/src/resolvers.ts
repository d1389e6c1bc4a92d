import { CredentialsResolver } from './accounts/credentials.resolver.js';
import { ModerationResolver } from './accounts/moderation.resolver.js';
import { MyAccountResolver } from './accounts/my-account.resolver.js';
import { SessionsResolver, SignInsResolver } from './accounts/sessions.resolver.js';
import { DateTime } from './api/schema/date-time.scalar.js';
import { MutedWordsResolver } from './muted-words/muted-words.resolver.js';
import { NodeResolver } from './node/node.resolver.js';
import { CoAuthorsResolver, DeclineCoAuthorshipPayloadResolver } from './co-authors/co-authors.resolver.js';
import { CommentingResolver } from './comments/commenting.resolver.js';
import { CommentsResolver } from './comments/comments.resolver.js';
import { PostCommentsResolver } from './comments/post-comments.resolver.js';
import {
  ContentPreferencesResolver,
  MediaDisplayResolver,
} from './content-preferences/content-preferences.resolver.js';
import { PostDiscoveryResolver } from './discovery/post-discovery.resolver.js';
import { SuggestionsResolver } from './discovery/suggestions.resolver.js';
import { UserSearchResolver } from './discovery/user-search.resolver.js';
import { FeedResolver } from './feed/feed.resolver.js';
import { HashtagsResolver } from './hashtags/hashtags.resolver.js';
import { MediaResolver } from './media/media.resolver.js';
import { NotificationSummaryResolver } from './notifications/notification-summary.resolver.js';
import { NotificationsResolver } from './notifications/notifications.resolver.js';
import { OwnPostsResolver } from './post-life/own-posts.resolver.js';
import { PostLifeResolver } from './post-life/post-life.resolver.js';
import { PostsResolver } from './posts/posts.resolver.js';
import { PublishingResolver } from './posts/publishing.resolver.js';
import { ShareCodesResolver } from './posts/share-codes.resolver.js';
import { ContentModerationResolver } from './reports/content-moderation.resolver.js';
import { ReportQueueResolver } from './reports/report-queue.resolver.js';
import { ReportsResolver } from './reports/reports.resolver.js';
import { RepostsResolver } from './reposts/reposts.resolver.js';
import { UserRepostsResolver } from './reposts/user-reposts.resolver.js';
import { CollectionsResolver } from './saves/collections.resolver.js';
import { SavesResolver } from './saves/saves.resolver.js';
import { BlocksResolver } from './relationships/blocks.resolver.js';
import { CloseFriendsResolver } from './relationships/close-friends.resolver.js';
import { FollowRequestsResolver } from './relationships/follow-requests.resolver.js';
import { MutesResolver } from './relationships/mutes.resolver.js';
import { RelationshipsResolver } from './relationships/relationships.resolver.js';
import {
  PersonTagsResolver,
  RemoveTagPayloadResolver,
  TaggedPostsResolver,
  TagsResolver,
} from './tags/tags.resolver.js';
import {
  BioEntitiesResolver,
  CaptionEntitiesResolver,
  CommentEntitiesResolver,
  TextEntitiesResolver,
} from './text-entities/text-entities.resolver.js';
import { ServiceAccountsResolver, ServiceKeyResolver } from './service-accounts/service-accounts.resolver.js';
import { UsersResolver } from './users/users.resolver.js';
import { WebhookDeliveryResolver, WebhooksResolver } from './webhooks/webhooks.resolver.js';

/** The whole schema: what a feature adds to it is listed here. */
export const resolvers = [
  NodeResolver,
  UsersResolver,
  UserSearchResolver,
  SuggestionsResolver,
  RelationshipsResolver,
  FollowRequestsResolver,
  BlocksResolver,
  MutesResolver,
  CloseFriendsResolver,
  MutedWordsResolver,
  PostsResolver,
  PublishingResolver,
  PostLifeResolver,
  OwnPostsResolver,
  ShareCodesResolver,
  SavesResolver,
  CollectionsResolver,
  RepostsResolver,
  UserRepostsResolver,
  PostCommentsResolver,
  CommentsResolver,
  CommentingResolver,
  CaptionEntitiesResolver,
  CommentEntitiesResolver,
  BioEntitiesResolver,
  TextEntitiesResolver,
  HashtagsResolver,
  ContentPreferencesResolver,
  MediaDisplayResolver,
  TagsResolver,
  PersonTagsResolver,
  RemoveTagPayloadResolver,
  TaggedPostsResolver,
  CoAuthorsResolver,
  DeclineCoAuthorshipPayloadResolver,
  FeedResolver,
  HashtagsResolver,
  PostDiscoveryResolver,
  MediaResolver,
  NotificationsResolver,
  NotificationSummaryResolver,
  MyAccountResolver,
  CredentialsResolver,
  SessionsResolver,
  SignInsResolver,
  ModerationResolver,
  ReportsResolver,
  ReportQueueResolver,
  ContentModerationResolver,
  ServiceAccountsResolver,
  ServiceKeyResolver,
  WebhooksResolver,
  WebhookDeliveryResolver,
];
export const scalars = [DateTime];
