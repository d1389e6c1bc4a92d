import type { Qualified } from '@fowergram/database';
import { isShownTo, isUnblocked } from '@fowergram/visibility';
import { isUnmoderatedFor } from '../moderation/moderation.rules.js';

/** Whether the viewer sees the comment `c` of a post `p` that they see: a block between the two authors counts for everybody. */
export const isCommentShownTo = (viewer: Qualified): string =>
  `${isShownTo(viewer, 'c.author_id')} and ${isUnblocked('c.author_id', 'p.author_id')} and ${isUnmoderatedFor(viewer, 'c')}`;
