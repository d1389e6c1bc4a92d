import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import pg from 'pg';
import { eventually } from '@fowergram/testing';
import { acceptCoAuthorship, comment, follow, inviteCoAuthor, like, report, tag, uploadPhoto } from './actions.js';
import type { AppClient } from './app-client.js';
import { erasedColumns, keptColumns, postColumns } from './id-columns.js';
import type { InProcessNetwork } from './network-in-process.js';
import { setRole } from './operators.js';
import { drawPhoto } from './photos.js';
import { findColumns } from './stored-data.js';
import { postPhoto, signUpTestUser, type TestUser } from './test-users.js';

/** A user whose id stands in every column that can hold one, and the friend whom that took. */
export interface FullAccount {
  user: TestUser;
  friend: TestUser;
  /** Somebody who reports the friend to the user, who is a moderator. */
  witness: TestUser;
  usersPost: string;
  friendsPost: string;
  /** Under the friend's post. */
  usersComment: string;
}

type Fill = (account: FullAccount) => Promise<unknown>;

/** Each makes columns hold the id of the user; a new one needs a line here. */
const fills: Fill[] = [
  ({ user, friend }) => Promise.all([follow(user.client, friend.id), follow(friend.client, user.id)]),
  ({ user, friendsPost }) => Promise.all([like(user.client, friendsPost), comment(user.client, friendsPost, 'lovely')]),
  ({ friend, usersPost }) => Promise.all([like(friend.client, usersPost), comment(friend.client, usersPost, 'lovely')]),
  ({ user, friendsPost }) => repost(user, friendsPost),
  ({ friend, usersPost }) => repost(friend, usersPost),
  ({ user, friendsPost }) => saveIntoCollection(user, friendsPost),
  ({ friend, usersPost }) => saveIntoCollection(friend, usersPost),
  ({ user: { client }, usersPost }) =>
    client.request('mutation ($id: ID!) { updatePost(id: $id, input: { caption: "still #hers" }) { id } }', {
      id: usersPost,
    }),
  ({ user, friend, usersPost, friendsPost }) =>
    Promise.all([likeAComment(user, friendsPost), likeAComment(friend, usersPost)]),
  ({ user }) => setAvatar(user),
  ({ user, friend, witness, usersPost, friendsPost }) =>
    Promise.all([mention(user, [friend], friendsPost), mention(friend, [user, witness], usersPost)]),
  ({ user, friend, witness, usersPost, friendsPost }) =>
    Promise.all([tag(user.client, witness.id, usersPost), tag(friend.client, user.id, friendsPost)]),
  ({ user, friend, usersPost, friendsPost }) =>
    Promise.all([shareWith(user, friend, usersPost), shareWith(friend, user, friendsPost)]),
  ({ user }) => muteWord(user),
  ({ user: { client } }) => client.request('mutation { updateContentPreferences(input: { altText: REMIND }) { id } }'),
  ({ user }) => user.client.request('mutation { followHashtag(name: "hers") { id } }'),
  ({ user, usersPost }) => storeAnswers(user, usersPost),
  ({ user }) => changePassword(user),
  ({ user }) => enrolSecondFactor(user),
  ({ user, friend, usersPost, friendsPost }) =>
    Promise.all([reportComment(user, friend, friendsPost), reportComment(friend, user, usersPost)]),
  async ({ user, friend, witness, friendsPost }) =>
    resolveReport(user, await reportComment(witness, friend, friendsPost)),
  // At last: from then on neither meets what the other writes.
  ({ user, friend }) => Promise.all([report(user.client, friend.id), report(friend.client, user.id)]),
];

/** Signs up a user and a friend, and fills every column that `idColumns` says to name a user. */
export async function signUpFullAccount(network: InProcessNetwork): Promise<FullAccount> {
  const [user, friend, witness] = (await Promise.all(
    ['ann', 'bo', 'cy'].map((name) => signUpTestUser(network, name)),
  )) as [TestUser, TestUser, TestUser];
  await setRole(network, user.username, 'MODERATOR');
  await comeBack(user);
  const resume = await pauseAggregation(network);
  const [usersPost, friendsPost] = await Promise.all([postPhoto(user, '#hers'), postPhoto(friend, 'his')]);
  const usersComment = await comment(user.client, friendsPost, 'mine');
  const account = { user, friend, witness, usersPost, friendsPost, usersComment };
  for (const fill of fills) await fill(account);
  await storePairs(network, account);
  await storeActs(network, account);
  const words = [bareId(user.id)];
  const whilePaused = await findColumns(network, words);
  isHungOn(await findColumns(network, [bareId(usersPost)], words));
  await resume();
  await eventually(async () => isFull([...whilePaused, ...(await findColumns(network, words))]), 10_000);
  return account;
}

/** Throws unless the user's id was seen in the columns that `idColumns` names, and in no other. */
function isFull(seen: string[]): void {
  const missing = erasedColumns.filter((column) => !seen.includes(column));
  if (missing.length > 0)
    throw new Error(`No user's id was seen in ${missing.join(', ')}: fill it in apps/e2e/src/full-account.ts.`);
  const unknown = seen.filter((column) => ![...erasedColumns, ...keptColumns].includes(column));
  if (unknown.length > 0)
    throw new Error(`A user's id was seen in ${unknown.join(', ')}: say so in apps/e2e/src/id-columns.ts.`);
}

/** Throws unless somebody else has left a row on the user's post in every table whose rows go with a post. */
function isHungOn(seen: string[]): void {
  const missing = postColumns.filter((column) => column !== 'post.post.id' && !seen.includes(column));
  if (missing.length > 0)
    throw new Error(
      `Nobody else's row names the user's post in ${missing.join(', ')}: let the friend add one in apps/e2e/src/full-account.ts.`,
    );
}

export const bareId = (globalId: string): string => globalId.split('_')[1]!;

/** Deactivates the account, which hides it, and signs in again, which a new role asks for as well. */
async function comeBack({ client, email, password }: TestUser): Promise<void> {
  await eventually(() => client.signIn(email, password));
  await client.request('mutation ($password: String!) { deactivateAccount(input: { password: $password }) }', {
    password,
  });
  await eventually(async () => (await client.signIn(email, password)).status === 'OK');
}

/** Mentions users under a post, and in the own bio. */
async function mention({ client }: TestUser, users: TestUser[], postId: string): Promise<void> {
  const names = users.map(({ username }) => `@${username}`).join(' ');
  await comment(client, postId, names);
  await client.request('mutation ($bio: String!) { updateProfile(input: { bio: $bio }) { id } }', { bio: names });
}

async function shareWith({ client }: TestUser, other: TestUser, postId: string): Promise<void> {
  await inviteCoAuthor(client, postId, other.id);
  await acceptCoAuthorship(other.client, postId);
}

async function muteWord({ client }: TestUser): Promise<void> {
  await client.request('mutation { addMutedWord(input: { text: "spoiler" }) { id } }');
}

/** Blocks, mutes, requests, close friends and dismissed suggestions of both, which would end each other by way of the API. */
async function storePairs({ databases }: InProcessNetwork, { user, friend }: FullAccount): Promise<void> {
  const client = new pg.Client({ connectionString: databases.user });
  await client.connect();
  const ids = [bareId(user.id), bareId(friend.id)];
  for (const values of [ids, [...ids].reverse()])
    for (const [table, one, other] of [
      ['block', 'blocker_id', 'blocked_id'],
      ['mute', 'muter_id', 'muted_id'],
      ['follow_request', 'follower_id', 'followee_id'],
      ['close_friend', 'user_id', 'friend_id'],
      ['dismissed_suggestion', 'user_id', 'dismissed_id'],
    ])
      await client.query(`insert into ${table} (${one}, ${other}, created_at) values ($1, $2, now())`, values);
  await client.end();
}

/** What only administrators do, who need a second factor for it, what an operator did, and what another back end was sent of the user. */
async function storeActs({ databases }: InProcessNetwork, { user }: FullAccount): Promise<void> {
  const client = new pg.Client({ connectionString: databases.user });
  await client.connect();
  await client.query(
    `insert into service_account_action (id, administrator_id, account_id, account_name, action, reason)
      values ($1, $2, $3, 'Shop', 'CREATE', 'a test')`,
    [randomUUID(), bareId(user.id), randomUUID()],
  );
  await client.query(
    `insert into operator_action (id, operator, command, subject, outcome) values ($1, 'zoe', 'feed rebuild', $2, 'DONE')`,
    [randomUUID(), bareId(user.id)],
  );
  await client.end();
  const notification = new pg.Client({ connectionString: databases.notification });
  await notification.connect();
  await notification.query(
    `insert into webhook_action (id, administrator_id, account_id, webhook_id, action, reason)
      values ($1, $2, $3, $4, 'CREATE', 'a test')`,
    [randomUUID(), bareId(user.id), randomUUID(), randomUUID()],
  );
  await notification.query(
    `insert into webhook_delivery (id, webhook_id, event_id, event, payload, user_ids, happened_at, state)
      values ($1, $2, $3, 'profile_updated', $4, $5, now(), 'DELIVERED')`,
    [randomUUID(), randomUUID(), randomUUID(), { userId: user.id }, [bareId(user.id)]],
  );
  await notification.end();
}

/** Likes what they say themselves. */
async function likeAComment({ client }: TestUser, postId: string): Promise<void> {
  const id = await comment(client, postId, 'lovely');
  await client.request('mutation ($id: ID!) { likeComment(commentId: $id) { id } }', { id });
}

/** Reports what the author says under the post, which goes on being shown. */
async function reportComment({ client }: TestUser, author: TestUser, postId: string): Promise<string> {
  return report(client, await comment(author.client, postId, 'lovely'));
}

async function resolveReport({ client }: TestUser, id: string): Promise<void> {
  const input = { id, outcome: 'NO_ACTION' };
  await client.request('mutation ($input: ResolveReportInput!) { resolveReport(input: $input) { id } }', { input });
}

async function repost({ client }: TestUser, postId: string): Promise<void> {
  await client.request('mutation ($postId: ID!) { repost(postId: $postId) { id } }', { postId });
}

async function saveIntoCollection({ client }: TestUser, postId: string): Promise<void> {
  const { createCollection } = await client.request<{ createCollection: { id: string } }>(
    'mutation { createCollection(name: "Kept") { id } }',
  );
  await client.request(
    'mutation ($postId: ID!, $collectionId: ID!) { savePost(postId: $postId, collectionId: $collectionId) { id } }',
    {
      postId,
      collectionId: createCollection.id,
    },
  );
}

async function setAvatar({ client }: TestUser): Promise<void> {
  const mediaId = await uploadPhoto(client, await drawPhoto({ seed: 99, width: 320, height: 240 }));
  await client.request('mutation ($mediaId: ID!) { updateProfile(input: { avatarMediaId: $mediaId }) { id } }', {
    mediaId,
  });
}

/** Asks each service for something whose answer is stored under an Idempotency-Key. */
async function storeAnswers({ client, username }: TestUser, postId: string): Promise<void> {
  const id = await eventually(() => newestNotification(client));
  const mutations: [mutation: string, variables: object][] = [
    ['mutation ($name: String!) { updateProfile(input: { displayName: $name }) { id } }', { name: username }],
    ['mutation ($postId: ID!) { likePost(postId: $postId) { id } }', { postId }],
    ['mutation { createMediaUpload(input: { contentType: "image/jpeg", byteSize: 99 }) { url } }', {}],
    ['mutation ($id: ID!) { markNotificationsRead(upTo: $id) { unreadCount } }', { id }],
  ];
  for (const [mutation, variables] of mutations)
    await client.request(mutation, variables, { idempotencyKey: randomUUID() });
}

async function newestNotification(client: AppClient): Promise<string> {
  const { notifications } = await client.request<{ notifications: { edges: { node: { id: string } }[] } }>(
    '{ notifications(first: 1) { edges { node { id } } } }',
  );
  if (!notifications.edges[0]) throw new Error('There is no notification yet.');
  return notifications.edges[0].node.id;
}

/** To the same one again. */
async function changePassword({ client, password }: TestUser): Promise<void> {
  await client.request(
    'mutation ($password: String!) { changePassword(input: { currentPassword: $password, newPassword: $password }) { account { id } } }',
    { password },
  );
}

async function enrolSecondFactor({ client, password }: TestUser): Promise<void> {
  const { secret } = await client.secondFactor<{ secret: string }>('enrol', { password });
  await client.secondFactor('confirm', { code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() });
}

/** Holds the locks of the aggregators, so that the deltas of counters stay; returns what lets them go on. */
async function pauseAggregation({ databases }: InProcessNetwork): Promise<() => Promise<unknown>> {
  const held = await Promise.all(
    [
      [databases.user, 'follow_count'],
      [databases.post, 'author_counter'],
      [databases.post, 'post_counter'],
    ].map(async ([url, name]) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('select pg_advisory_lock(hashtext($1))', [`aggregate:${name}`]);
      return client;
    }),
  );
  return () => Promise.all(held.map((client) => client.end()));
}
