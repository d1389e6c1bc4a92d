import type { Path, Question } from './path.js';
import { acts, type Ask, reads } from './rest-way.js';
import type { Audience, Moderated } from './scene.js';

const nothing: Ask = () => '';
const author: Ask = ({ things }) => things.user.id;
const name: Ask = ({ things }) => things.user.username;
const hashtag: Ask = ({ things }) => `of_${things.user.username}`;
const bystander: Ask = ({ scene }) => scene.bystander.id;
const bystandersPost: Ask = ({ scene }) => scene.bystandersPost;
const bystandersComment: Ask = ({ scene }) => scene.bystandersComment;
const publicPost: Ask = ({ things }) => things.posts.PUBLIC;
const publicPicture: Ask = ({ things }) => things.media.PUBLIC;
const sharedPost: Ask = ({ things }) => things.shared;
const comment: Ask = ({ things }) => things.comment;

/** The collection in which every viewer has every post. */
async function collection({ client }: Question): Promise<string> {
  const { body } = await client.rest('GET', '/me/collections');
  return (body as { items?: { id: string }[] }).items?.[0]?.id ?? 'collection_0';
}

const signedIn = { acts: true } as const;
const PAGE = 'limit=100';

function post(audience: Audience): Path[] {
  const id: Ask = ({ things }) => things.posts[audience];
  const answer: Ask = ({ things }) => things.answers[audience];
  const picture: Ask = ({ things }) => things.media[audience];
  return [
    reads('Query.post', '/posts/{id}', id, id),
    reads('Post.media', '/posts/{id}', id, picture),
    reads('Post.author', '/posts/{id}', id, author),
    reads('Post.pinnedComment', '/posts/{id}', id, answer),
    reads('Query.postByCode', '/post-links/{code}', ({ things }) => things.codes[audience], id),
    reads('User.posts', `/users/{id}/posts?${PAGE}`, author, id),
    reads('User.taggedPosts', `/users/{id}/tagged-posts?${PAGE}`, author, id),
    reads('Post.comments', `/posts/{id}/comments?${PAGE}`, id, answer),
    reads('Query.node', '/comments/{id}', answer, answer),
    reads('Query.savedPosts', `/me/saved-posts?${PAGE}`, nothing, id, signedIn),
    reads('Collection.posts', `/me/collections/{id}/posts?${PAGE}`, collection, id, signedIn),
    acts('Mutation.likePost', 'PUT /posts/{id}/like', 'DELETE /posts/{id}/like', id),
    acts('Mutation.savePost', 'PUT /posts/{id}/save', 'DELETE /posts/{id}/save', id),
    acts('Mutation.likeComment', 'PUT /comments/{id}/like', 'DELETE /comments/{id}/like', answer),
    acts('Mutation.createComment', 'POST /posts/{id}/comments', 'DELETE /comments/{id}', id, { text: 'Here I am' }),
  ];
}

function moderatedPost(state: Moderated): Path[] {
  const id: Ask = ({ things }) => things.moderatedPosts[state];
  return [
    reads('Query.post', '/posts/{id}', id, id),
    reads('User.posts', `/users/{id}/posts?${PAGE}`, author, id, { notForModerators: true }),
    reads('Query.savedPosts', `/me/saved-posts?${PAGE}`, nothing, id, { ...signedIn, notForModerators: true }),
  ];
}

function moderatedComment(state: Moderated): Path[] {
  const id: Ask = ({ things }) => things.moderatedComments[state];
  return [
    reads('Query.node', '/comments/{id}', id, id),
    reads('Post.comments', `/posts/{id}/comments?${PAGE}`, bystandersPost, id, { notForModerators: true }),
  ];
}

const repost = reads('User.reposts', `/users/{id}/reposts?${PAGE}`, bystander, ({ things }) => things.repost);

/** Every way to each object of the table over REST. */
export const restPaths: Record<string, Path[]> = {
  card: [
    reads('Query.node', '/users/{id}', author, author),
    reads('Query.user', '/usernames/{username}', name, author),
    reads('User.avatar', '/users/{id}', author, ({ things }) => things.avatar),
    reads('Post.mentions', '/posts/{id}', ({ things }) => things.mention, author),
  ],
  'search hit': [reads('Query.searchUsers', `/users?query={}&${PAGE}`, name, author)],
  suggestion: [reads('Query.suggestedUsers', `/me/suggested-users?${PAGE}`, nothing, author)],
  'follower and following lists': [
    reads('User.followers', `/users/{id}/followers?${PAGE}`, author, bystander),
    reads('User.following', `/users/{id}/following?${PAGE}`, author, bystander),
  ],
  'post for everybody': [...post('PUBLIC'), repost],
  'post for followers': post('FOLLOWERS'),
  'post for close friends': post('CLOSE_FRIENDS'),
  'post of another as a co-author': [
    reads('Query.post', '/posts/{id}', sharedPost, sharedPost),
    reads('Post.coAuthors', '/posts/{id}', sharedPost, author),
    reads('User.posts', `/users/{id}/posts?${PAGE}`, bystander, sharedPost),
  ],
  "the same in the author's profile": [reads('User.posts', `/users/{id}/posts?${PAGE}`, author, sharedPost)],
  'post hidden by a moderator': moderatedPost('hidden'),
  'post that the viewer reported': moderatedPost('reported'),
  // The bystander's repost shows the post to whoever follows the bystander.
  'feed entry': [reads('Query.homeFeed', `/feed?${PAGE}`, nothing, publicPost, { beside: 'repostOf' })],
  'found post': [
    reads('Query.searchPosts', `/posts?query={}&${PAGE}`, hashtag, publicPost),
    reads('Hashtag.posts', `/hashtags/{name}/posts?${PAGE}`, hashtag, publicPost),
    reads('Hashtag.posts', `/hashtags/{name}/posts?order=POPULAR&${PAGE}`, hashtag, publicPost),
  ],
  'explored post': [reads('Query.explore', `/explore?${PAGE}`, nothing, author)],
  "comment under another's post": [
    reads('Query.node', '/comments/{id}', comment, comment),
    reads('Post.comments', `/posts/{id}/comments?${PAGE}`, bystandersPost, comment),
    reads('Comment.replies', `/comments/{id}/replies?${PAGE}`, bystandersComment, ({ things }) => things.reply),
  ],
  'comment hidden by a moderator': moderatedComment('hidden'),
  'comment that the viewer reported': moderatedComment('reported'),
  "like of another's post": [
    reads('Post.likedBy', `/posts/{id}/likes?${PAGE}`, bystandersPost, author),
    reads('Comment.likedBy', `/comments/{id}/likes?${PAGE}`, bystandersComment, author),
  ],
  'notification of a like': [reads('Query.notifications', `/notifications?${PAGE}`, nothing, author)],
  'file by its own id': [reads('Query.node', '/media/{id}', publicPicture, publicPicture)],
};

const UNDOES = 'It takes back what a path of the table does.';

/** Routes that lead to something of a user and need no path of their own, with the reason. */
export const excusedRoutes: Record<string, string> = {
  'GET /posts/{id}/history': 'Only the author gets there; apps/post/test asks it.',
  'GET /posts/{id}/co-authors/invited': 'It shows something to the author alone; apps/post/test asks it.',
  'GET /me/co-author-invitations': 'Only the invited user reads it, what they see; apps/post/test asks it.',
  'PUT /posts/{id}/co-authors/me': 'Whoever is invited sees the post then, or gets NOT_FOUND; apps/post/test asks it.',
  'GET /me/collections/{id}': 'Only its owner gets there, and sees a name and a count; apps/post/test asks it.',
  'GET /me/reports/{id}': 'Only who has made the report gets there.',
  'DELETE /posts/{id}/like': UNDOES,
  'DELETE /posts/{id}/save': UNDOES,
  'DELETE /comments/{id}/like': UNDOES,
};
