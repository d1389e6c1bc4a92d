import { coAuthorRpc, moderationRpc, type Post, postLifeRpc, postRpc, repostRpc } from '@fowergram/contracts-post';
import { AUDIENCES } from '../visibility-kit.js';
import { caption } from './captions.js';
import { ask, type Facts, type KnownPost, pair, type Scene, type Step } from './scene.js';

let version = 0;

const create: Step = async (scene) => {
  const authorId = scene.dice.pick(scene.users);
  const post = await ask(scene, postRpc.create, { authorId, ...photo(scene, authorId) });
  return post ? publish(scene, post) : [];
};

const publishDraft: Step = async (scene) => {
  const userId = scene.dice.pick(scene.users);
  const draft = await ask(scene, postLifeRpc.saveDraft, { userId, ...photo(scene, userId) });
  const post = draft && (await ask(scene, postLifeRpc.publish, { id: draft.id, userId }));
  return post ? publish(scene, post) : [];
};

const edit: Step = async (scene) => {
  const known = somePost(scene);
  if (!known) return [];
  const { mediaIds: _none, ...changes } = photo(scene, known.authorId);
  const post = await ask(scene, postRpc.update, { id: known.id, userId: known.authorId, ...changes });
  if (!post) return [];
  const values = [post.id, changes.caption, changes.audience, changes.isSensitive];
  return [['update truth.post set caption = $2, audience = $3, is_sensitive = $4 where id = $1', values]];
};

const remove: Step = async (scene) => {
  const known = somePost(scene);
  if (!known || !(await ask(scene, postRpc.delete, { id: known.id, userId: known.authorId }))) return [];
  return stateOf(known.id, 'DELETED');
};

/** Archives, unarchives or restores a post, where its state allows it. */
const move: Step = async (scene) => {
  const known = somePost(scene);
  if (!known) return [];
  const contract = scene.dice.pick([postLifeRpc.archive, postLifeRpc.unarchive, postLifeRpc.restore]);
  const post = await ask(scene, contract, { id: known.id, userId: known.authorId });
  if (!post) return [];
  scene.onTheirWay.add(known.id);
  return stateOf(known.id, post.state);
};

const repost: Step = async (scene) => {
  const known = somePost(scene);
  if (!known) return [];
  const userId = scene.dice.pick(scene.users);
  const text = caption(scene);
  const post = await ask(scene, repostRpc.repost, { postId: known.id, userId, text });
  return post ? publish(scene, post) : [];
};

const unrepost: Step = async (scene) => {
  const known = scene.dice.pick(scene.posts.filter(({ repostOf }) => repostOf));
  if (!known) return [];
  const { id, authorId } = known;
  return (await ask(scene, repostRpc.unrepost, { postId: id, userId: authorId })) ? stateOf(id, 'DELETED') : [];
};

const share: Step = async (scene) => {
  const known = somePost(scene);
  if (!known || known.repostOf) return [];
  const { id: postId, authorId } = known;
  const userId = scene.dice.pick(scene.users.filter((id) => id !== authorId));
  await ask(scene, coAuthorRpc.invite, { postId, authorId, userId });
  if (!(await ask(scene, coAuthorRpc.accept, { postId, userId }))) return [];
  scene.onTheirWay.add(postId);
  return [['insert into truth.co_author (post_id, who) values ($1, $2) on conflict do nothing', [postId, userId]]];
};

const endSharing: Step = async (scene) => {
  const known = somePost(scene);
  if (!known || known.repostOf) return [];
  const { id: postId, authorId } = known;
  const userId = scene.dice.pick(scene.users.filter((id) => id !== authorId));
  const ended = scene.dice.chance(0.7)
    ? await ask(scene, coAuthorRpc.remove, { postId, authorId, userId })
    : await ask(scene, coAuthorRpc.decline, { postId, userId });
  return ended ? [['delete from truth.co_author where post_id = $1 and who = $2', [postId, userId]]] : [];
};

const moderate: Step = async (scene) => {
  const known = somePost(scene);
  if (!known) return [];
  const hidden = scene.dice.chance(0.5);
  const decision = { kind: 'post' as const, contentId: known.id, hidden, reason: 'spam', version: ++version };
  await ask(scene, moderationRpc.apply, decision);
  return [['update truth.post set is_taken_down = $2 where id = $1', [known.id, hidden]]];
};

const report: Step = async (scene) => {
  const known = somePost(scene);
  const [reporterId] = pair(scene);
  if (!known || reporterId === known.authorId) return [];
  await ask(scene, moderationRpc.hideReported, { reporterId, kind: 'post', contentId: known.id });
  return [[REPORTED, [reporterId, known.id]]];
};

/** What is done with posts, by how often. */
export const stepsOfPosts: [number, Step][] = [
  [14, create],
  [1, publishDraft],
  [3, edit],
  [4, remove],
  [4, move],
  [3, repost],
  [1, unrepost],
  [3, share],
  [1, endSharing],
  [1, moderate],
  [1, report],
];

const photo = (scene: Scene, authorId: string) => ({
  caption: caption(scene),
  mediaIds: [scene.world.media.add(authorId)],
  audience: scene.dice.weighted([
    [6, AUDIENCES[0]!],
    [2, AUDIENCES[1]!],
    [2, AUDIENCES[2]!],
  ]),
  isSensitive: scene.dice.chance(0.15),
});

/** One of the latest, of which most steps are. */
const somePost = ({ dice, posts }: Scene): KnownPost | undefined => dice.pick(posts.slice(-25));

function publish({ posts, onTheirWay, island }: Scene, post: Post): Facts {
  if (posts.some(({ id }) => id === post.id)) return [];
  const { id, authorId, createdAt, repostOf } = post;
  posts.push({ id, authorId, at: Date.parse(createdAt), repostOf });
  onTheirWay.add(id);
  return [
    [
      `insert into truth.post (id, island, author_id, at, caption, audience, state, is_sensitive, repost_of)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, island, authorId, createdAt, post.caption, post.audience, post.state, post.isSensitive, repostOf],
    ],
  ];
}

// Of what is deleted nothing is reported.
const REPORTED =
  'insert into truth.post_report select $1::uuid, id from truth.post where id = $2 on conflict do nothing';

const stateOf = (id: string, state: string): Facts => [['update truth.post set state = $2 where id = $1', [id, state]]];
