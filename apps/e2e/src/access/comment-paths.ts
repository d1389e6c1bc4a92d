import { authorsId, NODE, type Path, type Question, requireQuiet, shows } from './path.js';
import type { Moderated } from './scene.js';

/** Whether the viewer can say something under a post. */
export const comments =
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

export const commentElsewhere: Path[] = [
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

export const likeElsewhere: Path[] = [
  {
    fields: ['Post.likedBy'],
    sees: shows(
      'query ($id: ID!) { post(id: $id) { likedBy(first: 50) { edges { node { id } } } } }',
      bystandersPost,
      authorsId,
    ),
  },
];

export const commentLikeElsewhere: Path[] = [
  {
    fields: ['Comment.likedBy'],
    sees: shows(
      'query ($id: ID!) { node(id: $id) { ... on Comment { likedBy(first: 50) { edges { node { id } } } } } }',
      ({ scene }) => ({ id: scene.bystandersComment }),
      authorsId,
    ),
  },
];

export function moderatedComment(state: Moderated): Path[] {
  const id = ({ things }: Question) => things.moderatedComments[state];
  return [
    { fields: ['Query.node'], sees: shows(NODE, (question) => ({ id: id(question) }), id) },
    { fields: ['Post.comments'], notForModerators: true, sees: shows(COMMENTS, bystandersPost, id) },
  ];
}
