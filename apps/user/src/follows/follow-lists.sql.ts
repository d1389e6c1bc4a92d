import type { Qualified } from '@fowergram/database';
import { isOutOfSight } from '../relations/blocks.sql.js';

/**
 * True when the viewer may see whom the user follows, and who follows them: of a private account only its followers may. Both are SQL, of
 * uuids; the viewer's may be null. It looks at no row of a list, so it is asked once for each page.
 */
export const maySeeFollowLists = (viewerId: Qualified, userId: string): string => `(
  select p.id = ${viewerId} or (
    p.shows_follow_lists
    and (not p.is_private or (select true from follow where follower_id = ${viewerId} and followee_id = p.id limit 1) is not null)
    and not ${isOutOfSight(viewerId, 'p.id')}
  ) from profile p where p.id = ${userId} limit 1)`;
