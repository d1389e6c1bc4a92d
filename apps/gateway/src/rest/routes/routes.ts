import { readableWith, type RestRoute } from '../rest-route.types.js';
import { accountRoutes } from './account.routes.js';
import { collectingRoutes } from './collecting.routes.js';
import { commentRoutes } from './comments.routes.js';
import { mediaRoutes } from './media.routes.js';
import { notificationRoutes } from './notifications.routes.js';
import { postLifeRoutes } from './post-life.routes.js';
import { postRoutes } from './posts.routes.js';
import { relationshipRoutes } from './relationships.routes.js';
import { userRoutes } from './users.routes.js';
import { webhookRoutes } from './webhooks.routes.js';

/** Every REST route: what a feature adds is listed here. */
export const routes: RestRoute[] = [
  ...readableWith('posts:read', [...postRoutes, ...postLifeRoutes, ...commentRoutes]),
  ...readableWith('users:read', userRoutes),
  ...relationshipRoutes,
  ...readableWith('posts:read', collectingRoutes),
  ...mediaRoutes,
  ...notificationRoutes,
  ...accountRoutes,
  ...webhookRoutes,
];
