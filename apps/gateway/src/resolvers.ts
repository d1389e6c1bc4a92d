import { ModerationResolver } from './accounts/moderation.resolver.js';
import { MyAccountResolver } from './accounts/my-account.resolver.js';
import { SessionsResolver } from './accounts/sessions.resolver.js';
import { DateTime } from './api/schema/date-time.scalar.js';
import { NodeResolver } from './node/node.resolver.js';
import { CommentsResolver } from './comments/comments.resolver.js';
import { FeedResolver } from './feed/feed.resolver.js';
import { MediaResolver } from './media/media.resolver.js';
import { NotificationsResolver } from './notifications/notifications.resolver.js';
import { PostsResolver } from './posts/posts.resolver.js';
import { UsersResolver } from './users/users.resolver.js';

/** The whole schema: what a feature adds to it is listed here. */
export const resolvers = [
  NodeResolver,
  UsersResolver,
  PostsResolver,
  CommentsResolver,
  FeedResolver,
  MediaResolver,
  NotificationsResolver,
  MyAccountResolver,
  SessionsResolver,
  ModerationResolver,
];
export const scalars = [DateTime];
