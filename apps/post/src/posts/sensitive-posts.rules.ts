import type { Qualified } from '@fowergram/database';

/** An SQL condition of lists: the post is not one that the viewer wants hidden as sensitive. What is not sensitive is decided by its own row. */
export const isNotTooSensitiveFor = (viewer: Qualified, post: string): string => `(
    not ${post}.is_sensitive or ${post}.author_id = ${viewer}
    or (select sensitive_media from content_preferences where user_id = ${viewer} limit 1) is distinct from 'HIDE'
  )`;
