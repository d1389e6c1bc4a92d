import { accountLoaders } from './accounts/accounts.loaders.js';
import { lazily } from './api/context/lazy-loaders.js';
import { coAuthorLoaders } from './co-authors/co-authors.loaders.js';
import { commentLoaders } from './comments/comments.loaders.js';
import { contentPreferenceLoaders } from './content-preferences/content-preferences.loaders.js';
import { hashtagLoaders } from './hashtags/hashtags.loaders.js';
import { mediaLoaders } from './media/media.loaders.js';
import { moderatedContentLoaders } from './posts/moderated-content.loaders.js';
import { postLifeLoaders } from './post-life/post-life.loaders.js';
import { postLoaders } from './posts/posts.loaders.js';
import { reportLoaders } from './reports/reports.loaders.js';
import { repostLoaders } from './reposts/reposts.loaders.js';
import { saveLoaders } from './saves/saves.loaders.js';
import { tagLoaders } from './tags/tags.loaders.js';
import { mentionLoaders } from './text-entities/mentions.loaders.js';
import { userLoaders } from './users/users.loaders.js';

/** The loaders of one operation: what a feature looks up in batches is listed here. */
export const createLoaders = lazily({
  ...userLoaders,
  ...mediaLoaders,
  ...postLoaders,
  ...postLifeLoaders,
  ...commentLoaders,
  ...hashtagLoaders,
  ...moderatedContentLoaders,
  ...accountLoaders,
  ...reportLoaders,
  ...saveLoaders,
  ...mentionLoaders,
  ...tagLoaders,
  ...coAuthorLoaders,
  ...contentPreferenceLoaders,
  ...repostLoaders,
});
