import { postLifeRpc } from '@fowergram/contracts-post';
import { AT_PAGE, del, get, PAGE, pageOf, patch, post, put, type RestRoute } from '../rest-route.types.js';

/** A list of your own posts that only you see. */
const ownList = (path: string, field: string, id: string, summary: string): RestRoute =>
  get(`/me/${path}`, {
    id,
    summary,
    document: `query (${PAGE}) { ${field}(${AT_PAGE}) ${pageOf('Post')} }`,
  });

const step = (id: string, summary: string) => ({
  id,
  summary,
  document: `mutation ($id: ID!) { ${id}(id: $id) { ...PostDetails } }`,
});

const DRAFT = `$caption: String, $mediaIds: [ID!], $audience: Audience, $location: String, $commentsDisabled: Boolean,
  $isSensitive: Boolean, $contentWarning: String, $publishAt: DateTime`;
const OF_DRAFT = `caption: $caption, mediaIds: $mediaIds, audience: $audience, location: $location,
  commentsDisabled: $commentsDisabled, isSensitive: $isSensitive, contentWarning: $contentWarning, publishAt: $publishAt`;

/** The life of a post from draft to deletion and back. */
export const postLifeRoutes: RestRoute[] = [
  ownList('drafts', 'drafts', 'listDrafts', 'Your drafts.'),
  ownList('scheduled-posts', 'scheduledPosts', 'listScheduledPosts', 'Your posts that publish themselves.'),
  ownList('archived-posts', 'archivedPosts', 'listArchivedPosts', 'Your posts that you have taken back.'),
  ownList('deleted-posts', 'deletedPosts', 'listDeletedPosts', 'Your posts that you can still restore.'),
  post('/me/drafts', {
    id: 'createDraft',
    contract: postLifeRpc.saveDraft,
    summary: 'Makes a draft.',
    created: '/posts/{id}',
    document: `mutation (${DRAFT}) { saveDraft(input: { ${OF_DRAFT} }) { ...PostDetails } }`,
  }),
  patch('/me/drafts/{id}', {
    id: 'updateDraft',
    contract: postLifeRpc.saveDraft,
    summary: 'Changes a draft or a scheduled post.',
    document: `mutation ($id: ID!, ${DRAFT}) { saveDraft(input: { id: $id, ${OF_DRAFT} }) { ...PostDetails } }`,
  }),
  post('/posts/{id}/publish', step('publishPost', 'Publishes a draft now.')),
  put('/posts/{id}/schedule', {
    id: 'schedulePost',
    summary: 'Lets a draft be published by itself.',
    document: `mutation ($id: ID!, $publishAt: DateTime!) {
      schedulePost(id: $id, publishAt: $publishAt) { ...PostDetails }
    }`,
  }),
  put('/posts/{id}/archive', step('archivePost', 'Takes a published post back.')),
  del('/posts/{id}/archive', step('unarchivePost', 'Publishes an archived post again.')),
  put('/posts/{id}/pin', step('pinPost', 'Pins a post to your profile.')),
  del('/posts/{id}/pin', step('unpinPost', 'Pins a post no longer.')),
  post('/posts/{id}/restore', step('restorePost', 'Brings a deleted post back.')),
  put('/comments/{id}/pin', step('pinComment', 'Shows a comment above all others.')),
  del('/comments/{id}/pin', step('unpinComment', 'Shows a comment among the others again.')),
  get('/posts/{id}/history', {
    id: 'listPostHistory',
    summary: 'What a post of your own said before.',
    document: 'query ($id: ID!) { post(id: $id) { history { ...PostEdit } } }',
  }),
];
