import { authorsId, byName, NODE, type Path, shows } from './path.js';

export const card: Path[] = [
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

export const hits: Path[] = [
  {
    fields: ['Query.searchUsers'],
    sees: shows(
      'query ($username: String!) { searchUsers(query: $username, first: 50) { edges { node { id } } } }',
      byName,
      authorsId,
    ),
  },
];

export const suggestions: Path[] = [
  {
    fields: ['Query.suggestedUsers'],
    sees: shows('{ suggestedUsers(first: 50) { edges { node { id } } } }', () => ({}), authorsId),
  },
];

export const list = (field: string): Path => ({
  fields: [`User.${field}`],
  sees: shows(
    `query ($username: String!) { user(username: $username) { ${field}(first: 50) { edges { node { id } } } } }`,
    byName,
    ({ scene }) => scene.bystander.id,
  ),
});
