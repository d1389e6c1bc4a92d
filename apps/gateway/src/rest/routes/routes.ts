import type { RestRoute } from '../rest-route.types.js';
import { commentRoutes } from './comments.routes.js';
import { notificationRoutes } from './notifications.routes.js';
import { postRoutes } from './posts.routes.js';
import { userRoutes } from './users.routes.js';

/** Every REST route: what a feature adds is listed here. */
export const routes: RestRoute[] = [...postRoutes, ...commentRoutes, ...userRoutes, ...notificationRoutes];
