import pg from 'pg';
import { drift } from '../src/counter-audit.js';
import type { Network } from '../src/network.js';
import type { TestUser } from '../src/test-users.js';
import { checkFeed } from './feed-invariants.js';
import { isBlocked, isOn, livePosts, type Model, on, sameSet } from './model.js';
import { checkNotifications } from './notification-invariants.js';

const USERS = 100;

interface PostView {
  caption: string;
  createdAt: string;
  likeCount: number;
  commentCount: number;
  saveCount: number;
  repostCount: number;
  viewerHasLiked: boolean;
  likedBy: { edges: { node: { id: string } }[] };
  comments: { edges: { node: { id: string; likeCount: number } }[]; pageInfo: { hasNextPage: boolean } };
}
interface UserView {
  followerCount: number;
  followingCount: number;
  postCount: number;
  posts: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean } };
}
/** Compares what the network says now with what was acknowledged to its clients; returns one sentence for each broken invariant. */
export async function violations(network: Network, users: TestUser[], model: Model): Promise<string[]> {
  const found = [...new Set(model.defects)].map((defect) => (/^I\d/.test(defect) ? defect : `I12 ${defect}`));
  for (const id of model.missed)
    if (!model.posts.get(id)!.deleted)
      found.push(`I1 post ${id} was acknowledged, not deleted, and answered NOT_FOUND`);
  const posts = await readPosts(users, model);
  found.push(...(await checkPosts(users, model, posts)), ...(await checkUsers(users, model)));
  for (const user of users)
    found.push(...(await checkFeed(user, model, posts)), ...(await checkNotifications(user, model)));
  const drifted = (await drift(network)).map(({ counter, drifted: keys }) => `I3 ${keys} of ${counter} differ`);
  return [...found, ...drifted, ...(await checkCopies(network)), ...(await checkOutboxes(network))];
}

/** Each post as its author sees it. */
async function readPosts(users: TestUser[], model: Model): Promise<Map<string, PostView>> {
  const posts = new Map<string, PostView>();
  for (const id of livePosts(model)) {
    const { authorId } = model.posts.get(id)!;
    const { data } = await users
      .find((user) => user.id === authorId)!
      .client.answer<{ post: PostView }>(
        `query ($id: ID!) { post(id: $id) { caption createdAt likeCount commentCount saveCount repostCount viewerHasLiked
        likedBy(first: ${USERS}) { edges { node { id } } } comments(first: 100) { edges { node { id likeCount } } pageInfo { hasNextPage } } } }`,
        { id },
      );
    if (data?.post) posts.set(id, data.post);
  }
  return posts;
}

async function checkPosts(users: TestUser[], model: Model, posts: Map<string, PostView>): Promise<string[]> {
  const found: string[] = [];
  for (const id of livePosts(model)) {
    const post = posts.get(id);
    if (!post || post.caption !== model.posts.get(id)!.caption) {
      found.push(`I1 post ${id} was acknowledged and is ${post ? 'different' : 'not there'}`);
      continue;
    }
    const { authorId } = model.posts.get(id)!;
    const isHidden = (userId: string) => isBlocked(model, userId, authorId);
    const all = users.filter((user) => isOn(model.likes, user.id, id)).map((user) => user.id);
    const likers = all.filter((userId) => !isHidden(userId));
    const shown = post.likedBy.edges.map((item) => item.node.id);
    if (!sameSet(likers, shown))
      found.push(`I1 post ${id} is liked by ${shown.length}, acknowledged were ${likers.length}`);
    if (post.likeCount !== all.length) found.push(`I3 post ${id} counts ${post.likeCount} likes and has ${all.length}`);
    const written = [...model.comments].filter(([, comment]) => comment.postId === id);
    const comments = written.filter(([, comment]) => !isHidden(comment.authorId)).map(([commentId]) => commentId);
    const listed = post.comments.edges.map((item) => item.node.id);
    if (!post.comments.pageInfo.hasNextPage && !sameSet(comments, listed))
      found.push(`I1 post ${id} has ${listed.length} comments, acknowledged were ${comments.length}`);
    if (post.commentCount !== written.length)
      found.push(`I3 post ${id} counts ${post.commentCount} comments and has ${written.length}`);
    found.push(...checkCounts(id, post, model));
  }
  return found;
}

/** What is counted of a post, and of its comments, by edges that their readers are not shown. */
function checkCounts(id: string, { saveCount, repostCount, comments }: PostView, model: Model): string[] {
  const edgesTo = (edges: Map<string, boolean>, wanted: string) => on(edges).filter(([, to]) => to === wanted).length;
  const counted: [string, number, number][] = [
    [`post ${id} counts saves`, saveCount, edgesTo(model.saves, id)],
    [`post ${id} counts reposts`, repostCount, edgesTo(model.reposts, id)],
    ...comments.edges.map(({ node }): [string, number, number] => [
      `comment ${node.id} counts likes`,
      node.likeCount,
      edgesTo(model.commentLikes, node.id),
    ]),
  ];
  return counted
    .filter(([, shown, has]) => shown !== has)
    .map(([what, shown, has]) => `I3 ${what}: ${shown}, has ${has}`);
}

async function checkUsers(users: TestUser[], model: Model): Promise<string[]> {
  const found: string[] = [];
  for (const user of users) {
    const { me } = await user.client.request<{ me: UserView }>(
      '{ me { followerCount followingCount postCount posts(first: 100) { edges { node { id } } pageInfo { hasNextPage } } } }',
    );
    const followers = users.filter((other) => isOn(model.follows, other.id, user.id)).length;
    const following = users.filter((other) => isOn(model.follows, user.id, other.id)).length;
    const mine = livePosts(model).filter((id) => model.posts.get(id)!.authorId === user.id);
    const listed = me.posts.edges.map((item) => item.node.id);
    if (me.followerCount !== followers || me.followingCount !== following) {
      found.push(
        `I3 ${user.username} counts ${me.followerCount}/${me.followingCount} followers/following, acknowledged were ${followers}/${following}`,
      );
    }
    if (me.postCount !== mine.length)
      found.push(`I3 ${user.username} counts ${me.postCount} posts, acknowledged were ${mine.length}`);
    if (!me.posts.pageInfo.hasNextPage && !sameSet(mine, listed))
      found.push(`I2 ${user.username} shows ${listed.length} posts, acknowledged were ${mine.length}`);
  }
  return found;
}

const TRUE_RELATIONS = `
  select follower_id || ' follows ' || followee_id as fact from follow
  union all select blocker_id || ' blocked ' || blocked_id from block
  union select blocked_id || ' blocked ' || blocker_id from block
  union all select id || ' is private' from profile where is_private`;
const COPIED_RELATIONS = `
  select viewer_id || ' follows ' || author_id as fact from relation where follows
  union all select viewer_id || ' blocked ' || author_id from relation where blocked
  union all select user_id || ' is private' from hidden_account where is_private`;

/** What post and notification have copied of the graph is what the user service knows. */
async function checkCopies({ databases }: Network): Promise<string[]> {
  const factsOf = (url: string, query: string): Promise<string[]> =>
    withClient(url, async (client) => (await client.query<{ fact: string }>(query)).rows.map(({ fact }) => fact));
  const truth = await factsOf(databases.user!, TRUE_RELATIONS);
  const found: string[] = [];
  for (const service of ['post', 'notification']) {
    const copy = await factsOf(databases[service]!, COPIED_RELATIONS);
    const [missing, extra] = [
      truth.filter((fact) => !copy.includes(fact)),
      copy.filter((fact) => !truth.includes(fact)),
    ];
    if (missing.length + extra.length > 0)
      found.push(
        `I4 ${service} lacks ${missing.length} facts (${missing[0] ?? ''}), has ${extra.length} too many (${extra[0] ?? ''})`,
      );
  }
  return found;
}

/** Every outbox row is published, and each consumer's inbox has exactly the events of its subject. */
async function checkOutboxes({ databases }: Network): Promise<string[]> {
  const found: string[] = [];
  const published = new Map<string, Set<string>>();
  const received = new Map<string, Set<string>>();
  for (const service of ['user', 'post', 'media', 'notification']) {
    await withClient(databases[service]!, async (client) => {
      const { rows: waiting } = await client.query('select subject from outbox where published_at is null');
      if (waiting.length > 0) found.push(`I8 ${service} has ${waiting.length} unpublished events`);
      const { rows: sent } = await client.query<{ id: string; subject: string }>(
        `select id, subject from outbox where subject like 'evt.%'`,
      );
      for (const row of sent) put(published, row.subject.slice('evt.'.length).replaceAll('.', '-'), row.id);
      const { rows: seen } = await client.query<{ consumer: string; event_id: string }>(
        'select consumer, event_id from inbox',
      );
      for (const row of seen) put(received, row.consumer, row.event_id);
    });
  }
  for (const [consumer, events] of received) {
    const subject = consumer.slice(consumer.indexOf('-') + 1).split('/')[0]!;
    if (!sameSet([...events], [...(published.get(subject) ?? [])])) {
      found.push(`I8 ${consumer} has seen ${events.size} of ${published.get(subject)?.size ?? 0} events`);
    }
  }
  return found;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const put = (map: Map<string, Set<string>>, key: string, value: string): unknown =>
  (map.get(key) ?? map.set(key, new Set()).get(key)!).add(value);
