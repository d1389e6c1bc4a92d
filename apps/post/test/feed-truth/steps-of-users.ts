import { hashtagRpc, postRpc, preferenceRpc } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { hashtagsOf, WORDS } from './captions.js';
import type { EdgeKind } from './edges.js';
import { ask, type Facts, type Happening, pair, type Scene, type Step } from './scene.js';

let version = 0;

/** Follows or unfollows, unless a block is between the two. */
const toggleFollow: Step = async (scene) => {
  const [who, whom] = pair(scene);
  if (scene.edges.isBlocked(who, whom)) return [];
  return changeFollow(scene, who, whom, !scene.edges.has('follow', who, whom));
};

/** Ends the follows and close friendships of both, and what the two share. */
const toggleBlock: Step = async (scene) => {
  const [who, whom] = pair(scene);
  const on = !scene.edges.has('block', who, whom);
  const facts = scene.edges.set('block', who, whom, on);
  if (on) facts.push(...endAllBetween(scene, who, whom), ...endAllBetween(scene, whom, who), ...endShared(who, whom));
  await tell(scene, [
    [who, whom],
    [whom, who],
  ]);
  return facts;
};

/** Of the relation of one to the other, which the other's feed has nothing to do with. */
const toggle =
  (kind: EdgeKind): Step =>
  async (scene) => {
    const [who, whom] = pair(scene);
    if (scene.edges.isBlocked(who, whom)) return [];
    const facts = scene.edges.set(kind, who, whom, !scene.edges.has(kind, who, whom));
    await tell(scene, [kind === 'close_friend' ? [whom, who] : [who, whom]]);
    return facts;
  };

const changeAccount: Step = async (scene) => {
  const userId = scene.dice.pick(scene.users);
  const hidden = scene.dice.chance(0.25);
  const isPrivate = scene.dice.chance(0.4);
  const account = { userId, version: ++version, hidden, isPrivate };
  await ask(scene, postRpc.applyVisibility, { relations: [], accounts: [account] });
  scene.events.push(accountChanged(account));
  return [['update truth.account set is_hidden = $2, is_private = $3 where id = $1', [userId, hidden, isPrivate]]];
};

const muteWords: Step = async (scene) => {
  const userId = scene.dice.pick(scene.users);
  const words = WORDS.filter(() => scene.dice.chance(0.25));
  const mutedWords = { userId, version: ++version, words: words.map((text) => ({ text, expiresAt: null })) };
  await ask(scene, postRpc.applyVisibility, { relations: [], accounts: [], mutedWords });
  return [
    ['delete from truth.muted_word where who = $1', [userId]],
    ['insert into truth.muted_word (who, word) select $1, word from unnest($2::text[]) word', [userId, words]],
  ];
};

const toggleHashtag: Step = async (scene) => {
  const userId = scene.dice.pick(scene.users);
  const name = scene.dice.pick(hashtagsOf(scene.island));
  if (scene.dice.chance(0.5)) {
    await ask(scene, hashtagRpc.unfollow, { userId, name });
    return [['delete from truth.hashtag_follow where who = $1 and hashtag = $2', [userId, name]]];
  }
  await ask(scene, hashtagRpc.follow, { userId, name });
  return [['insert into truth.hashtag_follow values ($1, $2) on conflict do nothing', [userId, name]]];
};

const hideSensitive: Step = async (scene) => {
  const userId = scene.dice.pick(scene.users);
  const hides = scene.dice.chance(0.5);
  await ask(scene, preferenceRpc.update, { userId, sensitiveMedia: hides ? 'HIDE' : 'BLUR' });
  return [['update truth.account set hides_sensitive = $2 where id = $1', [userId, hides]]];
};

/** What users do with each other, by how often they do it. */
export const stepsOfUsers: [number, Step][] = [
  [8, toggleFollow],
  [2, toggleBlock],
  [2, toggle('close_friend')],
  [1, toggle('report')],
  [2, toggle('mute')],
  [3, changeAccount],
  [1, muteWords],
  [1, toggleHashtag],
  [1, hideSensitive],
];

/** Lets one user follow another, as the user service and the gateway do it. */
export async function changeFollow(scene: Scene, who: string, whom: string, on: boolean): Promise<Facts> {
  scene.world.users[on ? 'follow' : 'unfollow'](who, whom);
  const facts = scene.edges.set('follow', who, whom, on);
  await tell(scene, [[who, whom]]);
  const edge = { followerId: who, followeeId: whom, version: ++version, at: new Date().toISOString() };
  scene.events.push(({ messaging }) => messaging.publish(on ? userEvent.followed : userEvent.unfollowed, edge));
  return facts;
}

/** Says how these viewers stand to these authors. */
async function tell(scene: Scene, pairs: [viewerId: string, authorId: string][]): Promise<void> {
  const relations = pairs.map(([viewerId, authorId]) => scene.edges.relation(viewerId, authorId));
  await ask(scene, postRpc.applyVisibility, { relations, accounts: [] });
  for (const relation of relations)
    scene.events.push(({ messaging }) => messaging.publish(userEvent.relationChanged, relation));
}

interface Account {
  userId: string;
  version: number;
  hidden: boolean;
  isPrivate: boolean;
}

const accountChanged =
  ({ hidden, ...account }: Account): Happening =>
  ({ messaging }) =>
    messaging.publish(userEvent.accountChanged, {
      ...account,
      role: 'USER',
      status: hidden ? 'DEACTIVATED' : 'ACTIVE',
      at: new Date().toISOString(),
    });

function endAllBetween({ world, edges }: Scene, who: string, whom: string): Facts {
  world.users.unfollow(who, whom);
  return [...edges.set('follow', who, whom, false), ...edges.set('close_friend', who, whom, false)];
}

/** Of the author and a co-author the latter is none any more; of two co-authors the one who accepted later. */
const endShared = (one: string, other: string): Facts => [
  [
    `delete from truth.co_author co using truth.post post
     where post.id = co.post_id and ((post.author_id, co.who) = ($1, $2) or (post.author_id, co.who) = ($2, $1))`,
    [one, other],
  ],
  [
    `delete from truth.co_author later using truth.co_author earlier
     where earlier.post_id = later.post_id and earlier.number < later.number
       and ((earlier.who, later.who) = ($1, $2) or (earlier.who, later.who) = ($2, $1))`,
    [one, other],
  ],
];
