/**
 * An SQL condition: neither have moderators hidden this post or comment, nor has the viewer reported it; authors see what is their own.
 * What nobody has reported is decided by its own row.
 */
export const isUnmoderatedFor = (viewer: string, content: string): string =>
  `(${content}.author_id = ${viewer} or (${content}.hidden_reason is null and ${isUnreportedBy(viewer, content)}))`;

const isUnreportedBy = (viewer: string, content: string): string => `(not ${content}.moderated or (
    select true from reported_content where reporter_id = ${viewer} and content_id = ${content}.id limit 1
  ) is null)`;
