import { randomUUID } from 'node:crypto';
import type { ListCase, OpenList } from './cases.js';
import type { Stage } from './stage.js';

const removePost = (stage: Stage) => (id: string) =>
  stage.write('post', `update post set state = 'ARCHIVED' where id = $1`, [id]);

async function ofHashtag(stage: Stage): Promise<OpenList> {
  const name = `listed${randomUUID().slice(0, 8)}`;
  return {
    owner: `hashtag(name: "${name}")`,
    add: async (at) => stage.post(await stage.user(), at, { hashtags: [name] }),
    remove: removePost(stage),
  };
}

/** Explore has posts of the last days, and one of several in a row by the same author. */
async function explore(stage: Stage): Promise<OpenList> {
  const today = Date.now() - 60_000;
  return {
    add: async (at) => stage.post(await stage.user(), new Date(today - (at.getTime() % 5))),
    remove: removePost(stage),
  };
}

async function search(stage: Stage): Promise<OpenList> {
  return {
    add: async (at) => stage.post(await stage.user(), at, { caption: 'Wanderlust in the hills' }),
    remove: removePost(stage),
  };
}

/** What the viewer has not published, or no longer. */
const own =
  (state: 'DRAFT' | 'SCHEDULED' | 'ARCHIVED' | 'DELETED') =>
  async (stage: Stage): Promise<OpenList> => ({
    add: (at) => stage.post(stage.viewerId, at, { state }),
    remove: (id) => stage.write('post', 'delete from post where id = $1', [id]),
  });

/** A repost that was taken back is deleted for good. */
async function deleted(stage: Stage): Promise<OpenList> {
  return {
    ...(await own('DELETED')(stage)),
    addUnseen: (count) => stage.write('post', DELETED_FOR_GOOD, [stage.viewerId, count]),
  };
}

const DELETED_FOR_GOOD = `
  insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at, state, deleted_at)
  select gen_random_uuid(), $1, '', '{}', '{}', false, gen_random_uuid(), now(), 'DELETED', now() from generate_series(1, $2::integer)`;

const LISTED = 'See unseen-posts.spec.ts of the post service.';
const OWN = 'The viewer sees all that is their own.';

export const foundLists: ListCase[] = [
  { field: 'Hashtag.posts', open: ofHashtag, noCrowd: LISTED },
  { field: 'Hashtag.posts', args: 'order: POPULAR', otherArgs: 'order: RECENT', open: ofHashtag, noCrowd: LISTED },
  { field: 'Query.explore', open: explore, noCrowd: LISTED },
  {
    field: 'Query.searchPosts',
    args: 'query: "wanderlust"',
    otherArgs: 'query: "wander"',
    open: search,
    noCrowd: LISTED,
  },
  { field: 'Query.drafts', open: own('DRAFT'), noCrowd: OWN },
  { field: 'Query.scheduledPosts', open: own('SCHEDULED'), noCrowd: OWN },
  { field: 'Query.archivedPosts', open: own('ARCHIVED'), noCrowd: OWN },
  { field: 'Query.deletedPosts', open: deleted },
];
