import type { AppClient, GraphqlAnswer } from '../app-client.js';
import { notificationCursor } from '../cursors.js';
import { subscribe } from '../subscription.js';
import type { Audience, Moderated, Scene, Things } from './scene.js';
import type { Author, Viewer } from './table.js';

export interface Question {
  scene: Scene;
  viewer: Viewer;
  author: Author;
  client: AppClient;
  /** What there is to see. */
  things: Things;
}

/** A way to an object: the fields of the schema that it goes through, and whether the viewer gets there. */
export interface Path {
  fields: string[];
  /** It changes something, for which one must be signed in. */
  acts?: true;
  /** Moderators see the object, but not on this way. */
  notForModerators?: true;
  sees: (question: Question) => Promise<boolean>;
}

const NODE = 'query ($id: ID!) { node(id: $id) { id } }';

/** Asks, and says whether the answer shows the id; what is not seen must look like what does not exist. */
const shows =
  (query: string, variablesOf: (question: Question) => object, wanted: (question: Question) => string) =>
  async (question: Question): Promise<boolean> => {
    const answer = await question.client.answer(query, variablesOf(question));
    requireQuiet(answer);
    return JSON.stringify(answer.data ?? null).includes(wanted(question));
  };

const QUIET = new Set(['NOT_FOUND', 'UNAUTHENTICATED']);
function requireQuiet({ errors = [] }: GraphqlAnswer<unknown>): void {
  const loud = errors.filter(({ extensions }) => !QUIET.has(extensions.code));
  if (loud.length > 0) throw new Error(JSON.stringify(loud));
}

/** Tries to do something, which it undoes; true when that was possible. */
const does =
  (mutation: string, undo: string, variablesOf: (question: Question) => object) =>
  async (question: Question): Promise<boolean> => {
    const answer = await question.client.answer(mutation, variablesOf(question));
    requireQuiet(answer);
    if (answer.errors) return false;
    await question.client.request(undo, variablesOf(question));
    return true;
  };

const authorsId = ({ things }: Question) => things.user.id;
const byName = ({ things }: Question) => ({ username: things.user.username });

const card: Path[] = [
  {
    fields: ['User.avatar'],
    sees: shows(
      'query ($username: String!) { user(username: $username) { avatar { id } } }',
      byName,
      ({ things }) => things.avatar,
    ),
  },
  {
    fields: ['Query.user'],
    sees: shows('query ($username: String!) { user(username: $username) { id } }', byName, authorsId),
  },
  { fields: ['Query.node'], sees: shows(NODE, (question) => ({ id: authorsId(question) }), authorsId) },
  {
    fields: ['User.followerCount', 'User.followingCount', 'User.postCount'],
    sees: shows(
      'query ($username: String!) { user(username: $username) { id followerCount followingCount postCount } }',
      byName,
      authorsId,
    ),
  },
  mentioned('PersonTag.user', 'taggedPeople { user { id } }'),
  mentioned('Post.mentions', 'mentions { id }'),
  mentioned('CaptionEntity.user', 'captionEntities { user { id } }'),
  mentioned('CaptionEntity.user', 'comments { edges { node { textEntities { user { id } } } } }'),
];

/** Somebody else's post that mentions the author. */
function mentioned(field: string, selection: string): Path {
  const query = `query ($id: ID!) { post(id: $id) { ${selection} } }`;
  return { fields: [field], sees: shows(query, ({ things }) => ({ id: things.mention }), authorsId) };
}

const hits: Path[] = [
  {
    fields: ['Query.searchUsers'],
    sees: shows(
      'query ($username: String!) { searchUsers(query: $username, first: 50) { edges { node { id } } } }',
      byName,
      authorsId,
    ),
  },
];

const suggestions: Path[] = [
  {
    fields: ['Query.suggestedUsers'],
    sees: shows('{ suggestedUsers(first: 50) { edges { node { id } } } }', () => ({}), authorsId),
  },
];

const list = (field: string): Path => ({
  fields: [`User.${field}`],
  sees: shows(
    `query ($username: String!) { user(username: $username) { ${field}(first: 50) { edges { node { id } } } } }`,
    byName,
    ({ scene }) => scene.bystander.id,
  ),
});

const inPostsOfAuthor = (id: (question: Question) => string) =>
  shows(
    'query ($username: String!) { user(username: $username) { posts(first: 50) { edges { node { id } } } } }',
    byName,
    id,
  );

// Everybody has saved every post once, whether they may see it now or not.
const SAVED = '{ savedPosts(first: 100) { edges { node { id } } } }';
const COLLECTED = '{ collections(first: 1) { edges { node { posts(first: 100) { edges { node { id } } } } } } }';

/** The repost by the bystander, who sees everything. */
const repostOf: Path[] = [
  {
    fields: ['Post.repostOf'],
    sees: shows(
      'query ($id: ID!) { node(id: $id) { ... on Post { repostOf { id } } } }',
      ({ things }) => ({ id: things.repost }),
      ({ things }) => things.posts.PUBLIC,
    ),
  },
  {
    fields: ['User.reposts'],
    sees: shows(
      'query ($id: ID!) { node(id: $id) { ... on User { reposts(first: 50) { edges { node { id } } } } } }',
      ({ scene }) => ({ id: scene.bystander.id }),
      ({ things }) => things.repost,
    ),
  },
];

function post(audience: Audience): Path[] {
  const id = ({ things }: Question) => things.posts[audience];
  const variables = (question: Question) => ({ id: id(question) });
  const answer = ({ things }: Question) => things.answers[audience];
  const inPost = (selection: string, wanted: (question: Question) => string) =>
    shows(`query ($id: ID!) { post(id: $id) { ${selection} } }`, variables, wanted);
  return [
    ...(audience === 'PUBLIC' ? repostOf : []),
    { fields: ['Query.post'], sees: inPost('id', id) },
    { fields: ['Query.node'], sees: shows(NODE, variables, id) },
    {
      fields: ['Query.postByCode'],
      sees: shows(
        'query ($code: String!) { postByCode(code: $code) { id } }',
        ({ things }) => ({ code: things.codes[audience] }),
        id,
      ),
    },
    { fields: ['User.posts'], sees: inPostsOfAuthor(id) },
    { fields: ['Post.author'], sees: inPost('author { id }', authorsId) },
    {
      fields: ['User.taggedPosts'],
      sees: shows(
        'query ($username: String!) { user(username: $username) { taggedPosts(first: 50) { edges { node { id } } } } }',
        byName,
        id,
      ),
    },
    {
      fields: ['PersonTag.media'],
      sees: inPost('taggedPeople { media { id } }', ({ things }) => things.media[audience]),
    },
    {
      fields: ['Post.media', 'Media.url'],
      sees: inPost('media { id url(width: 320) }', ({ things }) => things.media[audience]),
    },
    { fields: ['Post.comments'], sees: inPost('comments { edges { node { id } } }', answer) },
    { fields: ['Post.pinnedComment'], sees: inPost('pinnedComment { id }', answer) },
    {
      fields: ['Mutation.likeComment', 'Mutation.unlikeComment'],
      acts: true,
      sees: does(
        'mutation ($id: ID!) { likeComment(commentId: $id) { id } }',
        'mutation ($id: ID!) { unlikeComment(commentId: $id) { id } }',
        (question) => ({ id: answer(question) }),
      ),
    },
    { fields: ['Query.node'], sees: shows(NODE, (question) => ({ id: answer(question) }), answer) },
    {
      fields: ['Comment.post'],
      sees: shows(
        'query ($id: ID!) { node(id: $id) { ... on Comment { post { id } } } }',
        (question) => ({ id: answer(question) }),
        id,
      ),
    },
    { fields: ['Query.savedPosts'], acts: true, sees: shows(SAVED, () => ({}), id) },
    { fields: ['Collection.posts'], acts: true, sees: shows(COLLECTED, () => ({}), id) },
    {
      fields: ['Mutation.likePost', 'Mutation.unlikePost'],
      acts: true,
      sees: does(
        'mutation ($id: ID!) { likePost(postId: $id) { id } }',
        'mutation ($id: ID!) { unlikePost(postId: $id) { id } }',
        variables,
      ),
    },
    {
      fields: ['Mutation.savePost', 'Mutation.unsavePost'],
      acts: true,
      sees: does(
        'mutation ($id: ID!) { savePost(postId: $id) { id } }',
        'mutation ($id: ID!) { unsavePost(postId: $id) { id } }',
        variables,
      ),
    },
    { fields: ['Mutation.createComment', 'Mutation.deleteComment'], acts: true, sees: comments(id) },
  ];
}

/** A post that moderators have to do with: they find it by its id, and see it in no list. */
function moderatedPost(state: Moderated): Path[] {
  const id = ({ things }: Question) => things.moderatedPosts[state];
  const variables = (question: Question) => ({ id: id(question) });
  return [
    { fields: ['Query.post'], sees: shows('query ($id: ID!) { post(id: $id) { id } }', variables, id) },
    { fields: ['Query.node'], sees: shows(NODE, variables, id) },
    { fields: ['User.posts'], notForModerators: true, sees: inPostsOfAuthor(id) },
    { fields: ['Query.savedPosts'], acts: true, notForModerators: true, sees: shows(SAVED, () => ({}), id) },
    {
      fields: ['Mutation.createComment', 'Mutation.deleteComment'],
      acts: true,
      notForModerators: true,
      sees: comments(id),
    },
  ];
}

function moderatedComment(state: Moderated): Path[] {
  const id = ({ things }: Question) => things.moderatedComments[state];
  return [
    { fields: ['Query.node'], sees: shows(NODE, (question) => ({ id: id(question) }), id) },
    { fields: ['Post.comments'], notForModerators: true, sees: shows(COMMENTS, bystandersPost, id) },
  ];
}

/** Whether the store gives out a picture of the post for everybody by the address that the viewer has got, changed or not. */
const opens =
  (change: (url: string) => string) =>
  async ({ client, things }: Question): Promise<boolean> => {
    const query = 'query ($id: ID!) { post(id: $id) { media { url(width: 320) } } }';
    const answer = await client.answer<{ post: { media: { url: string }[] } | null }>(query, {
      id: things.posts.PUBLIC,
    });
    const url = answer.data?.post?.media[0]?.url;
    return url !== undefined && (await fetch(change(url))).ok;
  };

const address = (change: (url: string) => string): Path[] => [{ fields: ['Media.url'], sees: opens(change) }];

const comments =
  (idOf: (question: Question) => string) =>
  async (question: Question): Promise<boolean> => {
    const answer = await question.client.answer<{ createComment: { id: string } }>(
      'mutation ($input: CreateCommentInput!) { createComment(input: $input) { id } }',
      { input: { postId: idOf(question), text: 'Here I am' } },
    );
    requireQuiet(answer);
    if (answer.errors) return false;
    const { id } = answer.data!.createComment;
    await question.client.request('mutation ($id: ID!) { deleteComment(id: $id) { id } }', { id });
    return true;
  };

const bystandersPost = ({ scene }: Question) => ({ id: scene.bystandersPost });

const COMMENTS = 'query ($id: ID!) { post(id: $id) { comments(first: 50) { edges { node { id author { id } } } } } }';

const commentElsewhere: Path[] = [
  {
    fields: ['Post.comments', 'Comment.author'],
    sees: shows(COMMENTS, bystandersPost, ({ things }) => things.comment),
  },
  {
    fields: ['Comment.replies'],
    sees: shows(
      'query ($id: ID!) { node(id: $id) { ... on Comment { replies(first: 50) { edges { node { id } } } } } }',
      ({ scene }) => ({ id: scene.bystandersComment }),
      ({ things }) => things.reply,
    ),
  },
  {
    fields: ['Comment.parent', 'Comment.top'],
    sees: shows(
      'query ($id: ID!) { node(id: $id) { ... on Comment { parent { id } top { id } } } }',
      ({ things }) => ({ id: things.answerToComment }),
      ({ things }) => things.comment,
    ),
  },
  {
    fields: ['Query.node'],
    sees: shows(
      NODE,
      ({ things }) => ({ id: things.comment }),
      ({ things }) => things.comment,
    ),
  },
];

const likeElsewhere: Path[] = [
  {
    fields: ['Post.likedBy'],
    sees: shows(
      'query ($id: ID!) { post(id: $id) { likedBy(first: 50) { edges { node { id } } } } }',
      bystandersPost,
      authorsId,
    ),
  },
];

const commentLikeElsewhere: Path[] = [
  {
    fields: ['Comment.likedBy'],
    sees: shows(
      'query ($id: ID!) { node(id: $id) { ... on Comment { likedBy(first: 50) { edges { node { id } } } } } }',
      ({ scene }) => ({ id: scene.bystandersComment }),
      authorsId,
    ),
  },
];

const FEED = '{ homeFeed(first: 50) { edges { node { id } } } }';
const feed: Path[] = [
  {
    fields: ['Query.homeFeed'],
    sees: shows(
      FEED,
      () => ({}),
      ({ things }) => things.posts.PUBLIC,
    ),
  },
];

const hashtagOf = ({ things }: Question) => ({ name: `of_${things.user.username}` });
const publicPost = ({ things }: Question) => things.posts.PUBLIC;
const inHashtag = (order: string): Path => ({
  fields: ['Hashtag.posts'],
  sees: shows(
    `query ($name: String!) { hashtag(name: $name) { posts(first: 50, order: ${order}) { edges { node { id } } } } }`,
    hashtagOf,
    publicPost,
  ),
});

const found: Path[] = [
  inHashtag('RECENT'),
  inHashtag('POPULAR'),
  {
    fields: ['Query.searchPosts'],
    sees: shows(
      'query ($name: String!) { searchPosts(query: $name, first: 50) { edges { node { id } } } }',
      hashtagOf,
      publicPost,
    ),
  },
];

const explored: Path[] = [
  {
    // Of several posts of the author in a row it shows one.
    fields: ['Query.explore'],
    sees: shows('{ explore(first: 50) { edges { node { id author { id } } } } }', () => ({}), authorsId),
  },
];

const NOTIFICATIONS = '{ notifications(first: 100) { edges { node { id actors { id } } } } }';
/** The cursor before everything that the viewer was ever notified of. */
function fromTheBeginning({ scene, viewer, things }: Question): string {
  const { id } = scene.viewers[viewer] ?? things.user;
  return notificationCursor(scene.cursorKey, id.replace('user_', ''), 0);
}

const notification: Path[] = [
  { fields: ['Query.notifications', 'Notification.actors'], sees: shows(NOTIFICATIONS, () => ({}), authorsId) },
  {
    fields: ['NotificationSummary.notifications'],
    sees: shows(
      '{ notificationSummary { notifications(first: 100) { edges { node { actors { id } } } } } }',
      () => ({}),
      authorsId,
    ),
  },
  { fields: ['Subscription.notificationReceived'], sees: isReplayed },
];

/** Reads everything from the beginning of the viewer's notifications as a client that was away; their own last one ends it. */
async function isReplayed(question: Question): Promise<boolean> {
  const { client } = question;
  const newest = await client.answer<{ notifications: { edges: { cursor: string }[] } | null }>(
    '{ notifications(first: 1) { edges { cursor } } }',
  );
  const last = newest.data?.notifications?.edges[0]?.cursor;
  if (last === undefined) return false;
  const socket = client.socket();
  const query =
    'subscription ($after: String) { notificationReceived(after: $after) { cursor node { actors { id } } } }';
  const { received, stop } = subscribe<{ notificationReceived: { cursor: string } }>(socket, query, {
    after: fromTheBeginning(question),
  });
  while (!received.some(({ notificationReceived: { cursor } }) => cursor === last)) await new Promise(setImmediate);
  stop();
  await socket.dispose();
  return JSON.stringify(received).includes(authorsId(question));
}

const file: Path[] = [
  {
    fields: ['Query.node'],
    sees: shows(
      NODE,
      ({ things }) => ({ id: things.media.PUBLIC }),
      ({ things }) => things.media.PUBLIC,
    ),
  },
];

/** Every way to each object of the table. */
export const paths: Record<string, Path[]> = {
  card,
  'search hit': hits,
  suggestion: suggestions,
  'follower and following lists': [list('followers'), list('following'), list('mutualFollows')],
  'post for everybody': post('PUBLIC'),
  'post for followers': post('FOLLOWERS'),
  'post for close friends': post('CLOSE_FRIENDS'),
  'post hidden by a moderator': moderatedPost('hidden'),
  'post that the viewer reported': moderatedPost('reported'),
  'address of a picture': address((url) => url),
  'address without its signature': address((url) => url.split('?')[0]!),
  'feed entry': feed,
  'found post': found,
  'explored post': explored,
  "comment under another's post": commentElsewhere,
  'comment hidden by a moderator': moderatedComment('hidden'),
  'comment that the viewer reported': moderatedComment('reported'),
  "like of another's post": [...likeElsewhere, ...commentLikeElsewhere],
  'notification of a like': notification,
  'file by its own id': file,
};

/** The types of which not everybody may see everything. */
export const guardedTypes = ['User', 'Post', 'Comment', 'Media', 'Notification', 'Node'];

const OWN = 'It answers the viewer with their own.';
const OWN_LIST = 'It lists the cards of those whom the viewer has to do with, and nobody else reads it.';
const TARGET = 'It takes the card of a user, which the row of cards asks by id.';

/** Fields that lead to one of these and need no path of their own, with the reason. */
export const excusedFields: Record<string, string> = {
  'Mutation.repost': 'It takes what everybody may see and nothing else; apps/post/test/reposts asks it.',
  'Mutation.unrepost': 'It takes back what is one’s own; apps/post/test/reposts asks who sees the post.',
  'Query.me': OWN,
  'Relationship.viewer': OWN,
  'DeleteCommentPayload.post': 'Whoever could delete the comment saw its post.',
  'DeleteCommentPayload.top': 'It is looked up like every comment by its id.',
  'DeleteCommentPayload.placeholder': 'It is looked up like every comment by its id.',
  'Mutation.updateComment': OWN,
  'Mutation.pinComment': 'Only the author of the post gets there; apps/post/test asks who does not.',
  'Mutation.unpinComment': 'Only the author of the post gets there; apps/post/test asks who does not.',
  'Notification.post': OWN,
  'Notification.comment':
    'It is looked up like every comment by its id, and the notification is shown as long as it is there.',
  'Mutation.updateProfile': OWN,
  'Mutation.createPost': OWN,
  'Mutation.updatePost': OWN,
  'Mutation.saveDraft': OWN,
  'Mutation.publishPost': OWN,
  'Mutation.schedulePost': OWN,
  'Mutation.archivePost': OWN,
  'Mutation.unarchivePost': OWN,
  'Mutation.restorePost': OWN,
  'Mutation.pinPost': OWN,
  'Mutation.unpinPost': OWN,
  'Query.drafts': OWN,
  'Query.scheduledPosts': OWN,
  'Query.archivedPosts': OWN,
  'Query.deletedPosts': OWN,
  'User.pinnedPosts': 'Those of User.posts that have a pin, found under the same condition; apps/post/test asks it.',
  'Mutation.tagPeople': OWN,
  'Mutation.approveTag': 'Whoever is tagged sees the post then, or gets NOT_FOUND; apps/post/test asks it.',
  'RemoveTagPayload.post': 'It is asked for by its id, as the rows of posts ask.',
  'Query.followRequests': OWN_LIST,
  'Query.sentFollowRequests': OWN_LIST,
  'Query.blockedUsers': OWN_LIST,
  'Query.mutedUsers': OWN_LIST,
  'Query.closeFriends': OWN_LIST,
  'Report.subject': 'It is asked of its owner in the name of the reporter or of the moderator.',
  'Mutation.hideContent': 'Only moderators get there; apps/e2e/journeys/reports asks who sees it then.',
  'Mutation.restoreContent': 'Only moderators get there; apps/e2e/journeys/reports asks who sees it then.',
  'Mutation.completeMediaUpload': OWN,
  'MediaUpload.media': OWN,
  'Subscription.mediaUpdated': OWN,
  'Relationship.user': TARGET,
  'User.familiarFollowers': 'A part of followers, found under the same condition; apps/user/test asks it.',
  'DeletePostPayload.author': OWN,
  'ModeratedAccount.user': 'Only moderators get there, whose the account is or not.',
};
