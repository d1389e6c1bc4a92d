import { comments } from './comment-paths.js';
import { authorsId, byName, does, NODE, type Path, type Question, shows } from './path.js';
import type { Audience, Moderated } from './scene.js';

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

export function post(audience: Audience): Path[] {
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

const sharedPost = ({ things }: Question) => things.shared;
const inSharedPost = (selection: string, wanted: (question: Question) => string) =>
  shows(`query ($id: ID!) { post(id: $id) { ${selection} } }`, (question) => ({ id: sharedPost(question) }), wanted);

/** The bystander's post for everybody, of which the author is a co-author. */
export const coAuthored: Record<'itself' | 'inProfile', Path[]> = {
  itself: [
    { fields: ['Query.post'], sees: inSharedPost('id', sharedPost) },
    { fields: ['Post.coAuthors'], sees: inSharedPost('coAuthors { id }', authorsId) },
    {
      fields: ['User.posts'],
      sees: shows(
        'query ($id: ID!) { node(id: $id) { ... on User { posts(first: 50) { edges { node { id } } } } } }',
        ({ scene }) => ({ id: scene.bystander.id }),
        sharedPost,
      ),
    },
  ],
  inProfile: [{ fields: ['User.posts'], sees: inPostsOfAuthor(sharedPost) }],
};

/** A post that moderators have to do with: they find it by its id, and see it in no list. */
export function moderatedPost(state: Moderated): Path[] {
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
