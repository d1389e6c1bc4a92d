/**
 * True when the viewer may see whom the user follows, and who follows them. Both are SQL, of uuids; the viewer's may be null. It looks at no
 * row of a list, so it is asked once for each page.
 */
export const maySeeFollowLists = (viewerId: string, userId: string): string =>
  `(select p.shows_follow_lists or p.id = ${viewerId} from profile p where p.id = ${userId} limit 1)`;
