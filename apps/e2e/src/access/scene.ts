import pg from 'pg';
import type { GrpcCaller } from '../../../gateway/test/support/grpc.js';
import type { AppClient } from '../app-client.js';
import type { InProcessNetwork } from '../network-in-process.js';
import { setRole } from '../operators.js';
import { drawPhoto } from '../photos.js';
import { acceptCoAuthorship, inviteCoAuthor, tag, uploadPhoto } from '../actions.js';
import { postPhoto, signUpTestUser, type TestUser } from '../test-users.js';
import { type Author, AUTHORS, type Viewer, VIEWERS } from './table.js';

export type Audience = 'PUBLIC' | 'FOLLOWERS' | 'CLOSE_FRIENDS';
/** A post or comment that the admin has hidden, and one that every viewer has reported. */
export type Moderated = 'hidden' | 'reported';

export const AUDIENCES: Audience[] = ['PUBLIC', 'FOLLOWERS', 'CLOSE_FRIENDS'];

/** What an author has, as the author saw the ids of it. */
export interface Things {
  user: TestUser;
  posts: Record<Audience, string>;
  media: Record<Audience, string>;
  /** What a link to each post has. */
  codes: Record<Audience, string>;
  /** The repost by the bystander of the post for everybody. */
  repost: string;
  /** The comments of the bystander under the posts of the author. */
  answers: Record<Audience, string>;
  avatar: string;
  /** The comment of the author under the bystander's post, and what the bystander has answered there. */
  comment: string;
  answerToComment: string;
  /** The author's reply to the bystander's comment, which the author likes, too. */
  reply: string;
  moderatedPosts: Record<Moderated, string>;
  /** Those of the author under the bystander's post. */
  moderatedComments: Record<Moderated, string>;
  /** A post of the bystander that mentions the author and has them in its picture, and a comment under it that mentions them. */
  mention: string;
  /** A post of the bystander of which the author is a co-author. */
  shared: string;
}

/** What the scene is played on. */
export type SceneNetwork = Pick<InProcessNetwork, 'client' | 'databases' | 'cursorKey'>;

export interface Scene {
  authors: Record<Author, Things>;
  viewers: Record<Viewer, TestUser | undefined>;
  /** Whom the viewers follow, and nothing else connects with them: follows both authors and is their close friend. */
  bystander: TestUser;
  bystandersPost: string;
  /** What the gateway signs cursors with. */
  cursorKey: string;
  bystandersComment: string;
  /** Another back end with all scopes, where the network has gRPC. */
  grpc?: GrpcCaller;
  clientOf(viewer: Viewer, author: Author): AppClient;
}

const LIVE = VIEWERS.filter((viewer) => viewer !== 'anonymous' && viewer !== 'author');

/** Signs everybody up, lets the authors do what there is to see, and only then brings the viewers into their positions. */
export async function openScene(network: SceneNetwork): Promise<Scene> {
  const signUp = (name: string) => signUpTestUser(network, name.toLowerCase().slice(0, 12));
  const [bystander, admin] = [await signUp('bystander'), await signUp('admin')];
  const viewers: Scene['viewers'] = { anonymous: undefined, author: undefined } as Scene['viewers'];
  for (const viewer of LIVE) viewers[viewer] = await signUp(viewer);
  await setRole(network, admin.username, 'ADMIN');
  await admin.client.signIn(admin.email, admin.password);
  const bystandersPost = await postPhoto(bystander, 'Of the bystander');
  const bystandersComment = await comment(bystander.client, bystandersPost);
  const viewersPosts = await inTurn(LIVE, (viewer) => postPhoto(viewers[viewer]!, `Of ${viewer}`));
  for (const viewer of LIVE) await follows(viewers[viewer]!, bystander);
  const authors = {} as Scene['authors'];
  for (const author of AUTHORS) {
    const user = await signUp(`${author}_author`);
    await befriend(user, bystander);
    authors[author] = { user, ...(await publish(user, bystander, bystandersPost, bystandersComment, admin)) };
    for (const postId of viewersPosts) await like(user.client, postId);
    for (const viewer of LIVE) {
      await reportModerated(viewers[viewer]!, authors[author]);
      await prepare[viewer]?.(viewers[viewer]!, user);
    }
    if (author === 'private')
      await run(user.client, 'updateProfile', 'UpdateProfileInput!', 'input', { isPrivate: true });
    for (const viewer of LIVE) await position[viewer]?.(viewers[viewer]!, user);
  }
  await setRole(network, viewers.moderator!.username, 'MODERATOR');
  await viewers.moderator!.client.signIn(viewers.moderator!.email, viewers.moderator!.password);
  await leave(viewers, admin);
  await saveAll(network, [...Object.values(viewers), ...AUTHORS.map((author) => authors[author].user)], authors);
  const anonymous = network.client();
  const clientOf = (viewer: Viewer, author: Author) =>
    viewer === 'author' ? authors[author].user.client : (viewers[viewer]?.client ?? anonymous);
  return { authors, viewers, bystander, bystandersPost, bystandersComment, cursorKey: network.cursorKey, clientOf };
}

type Step = (viewer: TestUser, author: TestUser) => Promise<unknown>;
const toUser = (mutation: string, by: 'viewer' | 'author', at: 'viewer' | 'author', fields = 'id'): Step => {
  return (viewer, author) => {
    const [actor, target] = [by === 'viewer' ? viewer : author, at === 'viewer' ? viewer : author];
    return actor.client.request(`mutation ($id: ID!) { ${mutation}(userId: $id) { ${fields} } }`, { id: target.id });
  };
};
const follows = toUser('followUser', 'viewer', 'author');
const befriends = toUser('addCloseFriend', 'author', 'viewer');

/** While the account is public. */
const prepare: Partial<Record<Viewer, Step>> = {
  follower: follows,
  muter: follows,
  removedFollower: follows,
  blocker: follows,
  reporter: follows,
  blocked: async (viewer, author) => {
    await follows(viewer, author);
    await befriends(viewer, author);
  },
};

/** When the account is private, if it ever is. */
const position: Partial<Record<Viewer, Step>> = {
  closeFriend: befriends,
  requested: async (viewer, author) => {
    await follows(viewer, author);
    // Of a public account there is nothing to request.
    await toUser('removeFollower', 'author', 'viewer')(viewer, author).catch(() => undefined);
  },
  removedFollower: toUser('removeFollower', 'author', 'viewer'),
  blocked: toUser('blockUser', 'author', 'viewer'),
  blocker: toUser('blockUser', 'viewer', 'author'),
  reporter: (viewer, author) => report(viewer.client, author.id),
  muter: toUser('muteUser', 'viewer', 'author'),
};

async function befriend(author: TestUser, bystander: TestUser): Promise<void> {
  await follows(bystander, author);
  await befriends(bystander, author);
  await follows(author, bystander);
}

async function publish(
  author: TestUser,
  bystander: TestUser,
  bystandersPost: string,
  bystandersComment: string,
  admin: TestUser,
): Promise<Omit<Things, 'user'>> {
  const [posts, media, answers] = [{}, {}, {}] as [Things['posts'], Things['media'], Things['answers']];
  const codes = {} as Things['codes'];
  for (const [seed, audience] of AUDIENCES.entries()) {
    media[audience] = await uploadPhoto(author.client, await drawPhoto({ seed: 900 + seed, width: 320, height: 240 }));
    // Everybody has a hashtag of their own, which finds each of their posts.
    const input = { caption: `${audience} #of_${author.username}`, mediaIds: [media[audience]], audience };
    posts[audience] = await run(author.client, 'createPost', 'CreatePostInput!', 'input', input);
    codes[audience] = await codeOf(author.client, posts[audience]);
    await tag(author.client, author.id, posts[audience]);
    answers[audience] = await comment(bystander.client, posts[audience]);
    await run(author.client, 'pinComment', 'ID!', 'id', answers[audience]);
  }
  const repost = await run(bystander.client, 'repost', 'ID!', 'postId', posts.PUBLIC);
  const avatar = await uploadPhoto(author.client, await drawPhoto({ seed: 910, width: 320, height: 240 }));
  await run(author.client, 'updateProfile', 'UpdateProfileInput!', 'input', { avatarMediaId: avatar });
  await like(author.client, bystandersPost);
  await run(author.client, 'likeComment', 'ID!', 'commentId', bystandersComment);
  const moderatedPosts = { hidden: await postPhoto(author, 'Hidden'), reported: await postPhoto(author, 'Reported') };
  const moderatedComments = {
    hidden: await comment(author.client, bystandersPost),
    reported: await comment(author.client, bystandersPost),
  };
  for (const { hidden } of [moderatedPosts, moderatedComments]) await hide(admin.client, hidden);
  const own = await comment(author.client, bystandersPost);
  const answerToComment = await answer(bystander.client, bystandersPost, own);
  const reply = await answer(author.client, bystandersPost, bystandersComment);
  const talk = { comment: own, answerToComment, reply };
  const mention = await mentionAuthor(bystander, author);
  const shared = await postPhoto(bystander, 'Of both');
  await inviteCoAuthor(bystander.client, shared, author.id);
  await acceptCoAuthorship(author.client, shared);
  return { posts, codes, repost, media, answers, avatar, mention, shared, ...talk, moderatedPosts, moderatedComments };
}

async function mentionAuthor(bystander: TestUser, { id, username }: TestUser): Promise<string> {
  const mention = await postPhoto(bystander, `With @${username}`);
  await tag(bystander.client, id, mention);
  await comment(bystander.client, mention, `Thanks @${username}`);
  await run(bystander.client, 'updateProfile', 'UpdateProfileInput!', 'input', { bio: `Sister of @${username}` });
  return mention;
}

async function reportModerated(viewer: TestUser, { moderatedPosts, moderatedComments }: Things): Promise<void> {
  for (const { reported } of [moderatedPosts, moderatedComments]) await report(viewer.client, reported);
}

async function leave(viewers: Scene['viewers'], admin: TestUser): Promise<void> {
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const input = { userId: viewers.suspended!.id, reason: 'A test of who sees what', until };
  await admin.client.request('mutation ($input: SuspendUserInput!) { suspendUser(input: $input) { status } }', {
    input,
  });
  const { deactivated, deleted } = viewers;
  const reauthentication = { input: { password: deactivated!.password } };
  await deactivated!.client.request(
    'mutation ($input: ReauthenticationInput!) { deactivateAccount(input: $input) }',
    reauthentication,
  );
  await deleted!.client.request(
    'mutation ($input: ReauthenticationInput!) { deleteAccount(input: $input) { __typename } }',
    reauthentication,
  );
}

/** Lets everybody have saved every post, as if they had once been allowed to see it. */
async function saveAll(
  { databases }: SceneNetwork,
  users: (TestUser | undefined)[],
  authors: Scene['authors'],
): Promise<void> {
  const client = new pg.Client({ connectionString: databases.post });
  await client.connect();
  const bare = (id: string) => id.split('_')[1]!;
  const owners = users.flatMap((user) => (user ? [bare(user.id)] : []));
  const ids = AUTHORS.flatMap((author) => {
    const { posts, moderatedPosts } = authors[author];
    return [...Object.values(posts), ...Object.values(moderatedPosts)].map(bare);
  });
  await client.query(SAVE_ALL, [owners, ids]);
  await client.end();
}

const SAVE_ALL = `
  with owner as (
    insert into collection (id, owner_id, name, created_at)
    select gen_random_uuid(), id, 'All', now() from unnest($1::uuid[]) id returning id, owner_id
  ), saved as (
    insert into saved_post (user_id, post_id, created_at) select owner_id, p, now() from owner, unnest($2::uuid[]) p
  )
  insert into collection_post (collection_id, post_id, owner_id, created_at)
  select id, p, owner_id, now() from owner, unnest($2::uuid[]) p`;

const like = (client: AppClient, postId: string) => run(client, 'likePost', 'ID!', 'postId', postId);
const comment = (client: AppClient, postId: string, text = 'Well said') =>
  run(client, 'createComment', 'CreateCommentInput!', 'input', { postId, text });
const answer = (client: AppClient, postId: string, parentId: string) =>
  run(client, 'createComment', 'CreateCommentInput!', 'input', { postId, parentId, text: 'Well said' });

const report = (client: AppClient, subjectId: string) =>
  run(client, 'report', 'ReportInput!', 'input', { subjectId, reason: 'SPAM' });
const hide = (client: AppClient, id: string) =>
  client.request('mutation ($id: ID!) { hideContent(subjectId: $id, reason: "A test of who sees what") { id } }', {
    id,
  });

async function codeOf(client: AppClient, id: string): Promise<string> {
  const query = 'query ($id: ID!) { post(id: $id) { code } }';
  return (await client.request<{ post: { code: string } }>(query, { id })).post.code;
}

/** Runs a mutation of one argument that answers something with an id. */
async function run(client: AppClient, mutation: string, type: string, name: string, value: unknown): Promise<string> {
  const query = `mutation ($value: ${type}) { ${mutation}(${name}: $value) { id } }`;
  return (await client.request<Record<string, { id: string }>>(query, { value }))[mutation]!.id;
}

async function inTurn<T, R>(items: readonly T[], each: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const item of items) done.push(await each(item));
  return done;
}
