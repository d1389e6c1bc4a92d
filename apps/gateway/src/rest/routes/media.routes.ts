import { mediaRpc } from '@fowergram/contracts-media';
import { tagRpc } from '@fowergram/contracts-post';
import { reportRpc } from '@fowergram/contracts-user';
import { AT_PAGE, del, get, PAGE, pageOf, patch, post, put, type RestRoute } from '../rest-route.types.js';

/** Uploads, who is in pictures, whose posts they are, too, what you prefer to see, and what you report. */
export const mediaRoutes: RestRoute[] = [
  post('/media', {
    id: 'createMediaUpload',
    contract: mediaRpc.createUpload,
    summary: 'Begins an upload; the bytes go straight to the object store.',
    created: '/media/{media.id}',
    document: 'mutation ($input: CreateMediaUploadInput!) { createMediaUpload(input: $input) { ...MediaUpload } }',
  }),
  post('/media/{id}/complete', {
    id: 'completeMediaUpload',
    summary: 'Says that the bytes are there.',
    document: 'mutation ($id: ID!) { completeMediaUpload(mediaId: $id) { ...Media } }',
  }),
  get('/media/{id}', {
    id: 'getMedia',
    isOfServices: true,
    summary: 'Media of your own.',
    document: 'query ($id: ID!) { node(id: $id) { ... on Media { ...Media } } }',
  }),
  put('/posts/{id}/tags', {
    id: 'tagPeople',
    contract: tagRpc.set,
    summary: 'Says who is in the pictures of a post of your own.',
    document:
      'mutation ($id: ID!, $tags: [PersonTagInput!]!) { tagPeople(postId: $id, tags: $tags) { ...PostDetails } }',
  }),
  put('/posts/{id}/tags/me', {
    id: 'approveTag',
    summary: 'Agrees to be shown in a post.',
    document: 'mutation ($id: ID!) { approveTag(postId: $id) { ...PostDetails } }',
  }),
  get('/me/co-author-invitations', {
    id: 'listCoAuthorInvitations',
    summary: 'Posts to which you are invited as a co-author.',
    document: `query (${PAGE}) { coAuthorInvitations(${AT_PAGE}) ${pageOf('Post')} }`,
  }),
  get('/posts/{id}/co-authors/invited', {
    id: 'listInvitedCoAuthors',
    summary: 'Whom you have invited to a post of your own.',
    document: 'query ($id: ID!) { post(id: $id) { invitedCoAuthors { ...UserSummary } } }',
  }),
  put('/posts/{id}/co-authors/me', {
    id: 'acceptCoAuthorship',
    summary: 'Accepts to be a co-author of a post.',
    document: 'mutation ($id: ID!) { acceptCoAuthorship(postId: $id) { ...PostDetails } }',
  }),
  del('/posts/{id}/co-authors/me', {
    id: 'declineCoAuthorship',
    summary: 'Declines to be a co-author of a post, or ends it.',
    isEmpty: true,
    document: 'mutation ($id: ID!) { declineCoAuthorship(postId: $id) { postId } }',
  }),
  put('/posts/{id}/co-authors/{userId}', {
    id: 'inviteCoAuthor',
    summary: 'Asks somebody to be a co-author of a post of your own.',
    document: 'mutation ($id: ID!, $userId: ID!) { inviteCoAuthor(postId: $id, userId: $userId) { ...PostDetails } }',
  }),
  del('/posts/{id}/co-authors/{userId}', {
    id: 'removeCoAuthor',
    summary: 'Asks somebody no more, or ends that they are a co-author of a post of your own.',
    isEmpty: true,
    document: 'mutation ($id: ID!, $userId: ID!) { removeCoAuthor(postId: $id, userId: $userId) { id } }',
  }),
  get('/me/preferences', {
    id: 'getContentPreferences',
    isOfServices: true,
    summary: 'How you want to meet posts.',
    document: '{ contentPreferences { ...ContentPreferences } }',
  }),
  patch('/me/preferences', {
    id: 'updateContentPreferences',
    summary: 'Changes how you want to meet posts.',
    ifMatch: 'hash',
    document: `mutation ($input: ContentPreferencesInput!) {
      updateContentPreferences(input: $input) { ...ContentPreferences }
    }`,
  }),
  get('/me/reports', {
    id: 'listMyReports',
    summary: 'What you have reported.',
    document: `query (${PAGE}) { myReports(${AT_PAGE}) ${pageOf('Report')} }`,
  }),
  get('/me/reports/{id}', {
    id: 'getMyReport',
    isOfServices: true,
    summary: 'A report of yours.',
    document: 'query ($id: ID!) { node(id: $id) { ... on Report { ...Report } } }',
  }),
  post('/me/reports', {
    id: 'report',
    contract: reportRpc.create,
    summary: 'Reports a user, a post or a comment.',
    created: '/me/reports/{id}',
    document: 'mutation ($input: ReportInput!) { report(input: $input) { ...Report } }',
  }),
  del('/posts/{id}/tags/me', {
    id: 'removeTag',
    summary: 'Removes you from the pictures of a post.',
    isEmpty: true,
    document: 'mutation ($id: ID!) { removeTag(postId: $id) { postId } }',
  }),
];
