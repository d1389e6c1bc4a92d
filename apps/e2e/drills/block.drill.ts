import { query } from '../../../tools/stack/postgres.mjs';
import type { AppClient } from '../src/app-client.js';
import { type Network, startNetwork } from '../src/network.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';

const EDGES = 100_000;
const ROUNDS = 20;

const uuidOf = (id: string): string => id.slice(id.indexOf('_') + 1);

/** Measured on a machine that does nothing else: milliseconds are its own, which is why this is no part of `npm test`. */
describe(`A block between two users with ${EDGES} comments, likes, notifications and common followers`, () => {
  let network: Network;
  let ann: TestUser;
  let bo: TestUser;
  let cy: TestUser;
  let post: string;
  const times: Record<string, number[]> = {};

  beforeAll(async () => {
    network = await startNetwork({ extra: { gateway: { EMAIL_VERIFICATION: 'off', RATE_LIMIT_FACTOR: '1000' } } });
    [ann, bo, cy] = [
      await signUpTestUser(network, 'ann'),
      await signUpTestUser(network, 'bo'),
      await signUpTestUser(network, 'cy'),
    ];
    post = await postPhoto(ann, 'Much liked');
    await comment(cy.client, post, 'Before all others');
    await fill();
  }, 900_000);
  afterAll(async () => {
    for (const [name, ofName] of Object.entries(times)) process.stderr.write(`${name}: ${figures(ofName)}\n`);
    await network?.stop();
  }, 60_000);

  async function fill(): Promise<void> {
    const [annId, boId, postId] = [ann, bo, { id: post }].map(({ id }) => uuidOf(id));
    const { user, post: posts, notification } = network.databases;
    await query(posts!, COMMENTS, [postId, boId, EDGES]);
    await query(posts!, POSTS, [postId, EDGES]);
    await query(posts!, LIKES, [annId, boId]);
    await query(notification!, NOTIFICATIONS, [annId, boId, EDGES]);
    await query(notification!, RECIPIENT, [annId, EDGES]);
    await query(user!, FOLLOWERS, [annId, boId, EDGES]);
    for (const url of [user!, posts!, notification!]) await query(url, 'vacuum analyze', []);
  }

  async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await work();
    (times[name] ??= []).push(performance.now() - startedAt);
    return result;
  }

  /** Everything that ann and others are shown of bo, as text. */
  async function shownOfBo(when: string): Promise<string> {
    const variables = { id: post };
    const answers = [];
    for (const [name, viewer, text] of [
      ['comments for one of the two', ann, COMMENTS_OF_POST],
      ['comments for somebody else', cy, COMMENTS_OF_POST],
      ['likes for one of the two', ann, LIKES_OF_POST],
      ['notifications', ann, NOTIFICATIONS_OF_VIEWER],
      ['followers', ann, FOLLOWERS_OF_VIEWER],
    ] as const)
      answers.push(
        await timed(`${name}, ${when}`, () => viewer.client.request(text, text.includes('$id') ? variables : {})),
      );
    return JSON.stringify(answers);
  }

  it('is acknowledged within 100 ms, and in force when it is', async () => {
    await shownOfBo('before (first)');
    for (let round = 0; round < ROUNDS; round++) {
      expect(await shownOfBo('before')).toContain(bo.id);
      await timed('block', () => change(ann.client, 'blockUser', bo));
      expect(await shownOfBo('in a block')).not.toContain(bo.id);
      await timed('unblock', () => change(ann.client, 'unblockUser', bo));
    }
    expect(quantile(times.block!, 0.95)).toBeLessThanOrEqual(100);
  }, 900_000);
});

const change = (client: AppClient, mutation: string, { id }: TestUser) =>
  client.request(`mutation ($id: ID!) { ${mutation}(userId: $id) { id } }`, { id });
const comment = (client: AppClient, postId: string, text: string) =>
  client.request('mutation ($input: CreateCommentInput!) { createComment(input: $input) { id } }', {
    input: { postId, text },
  });

function quantile(numbers: number[], share: number): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(share * (numbers.length - 1))]!;
}
const figures = (numbers: number[]): string =>
  [0.5, 0.95, 1].map((share) => `p${share * 100} ${quantile(numbers, share).toFixed(1)} ms`).join(', ');

const COMMENTS_OF_POST = 'query ($id: ID!) { post(id: $id) { comments { edges { node { id author { id } } } } } }';
const LIKES_OF_POST = 'query ($id: ID!) { post(id: $id) { likedBy { edges { node { id } } } } }';
const NOTIFICATIONS_OF_VIEWER = '{ notifications { edges { node { id actors { id } } } } }';
const FOLLOWERS_OF_VIEWER = '{ me { followers { edges { node { id } } } } }';

const COMMENTS = `
  insert into comment (id, post_id, author_id, text, created_at)
  select gen_random_uuid(), $1::uuid, $2::uuid, 'Comment ' || n, now() + n * interval '1 millisecond' from generate_series(1, $3::int) n`;
const POSTS = `
  insert into post (id, author_id, caption, media_ids, hashtags, location, comments_disabled, claim_id, created_at)
  select gen_random_uuid(), author_id, caption, media_ids, hashtags, location, comments_disabled, gen_random_uuid(),
    created_at - n * interval '1 second' from post, generate_series(1, $2::int) n where id = $1::uuid`;
const LIKES = `
  insert into post_like (post_id, user_id, created_at) select id, $2::uuid, now() from post where author_id = $1::uuid`;
const NOTIFICATIONS = `
  insert into notification (id, recipient_id, kind, actor_id, subject_id, post_id, version, active, sequence, created_at, updated_at)
  select gen_random_uuid(), $1::uuid, 'LIKE', $2::uuid, gen_random_uuid(), gen_random_uuid(), 1, true, 1000 + n, now(), now()
  from generate_series(1, $3::int) n`;
const RECIPIENT = `
  insert into recipient as r (id, last_sequence) values ($1::uuid, 1000 + $2::int)
  on conflict (id) do update set last_sequence = excluded.last_sequence`;
const FOLLOWERS = `
  with fan as (
    insert into profile (id, username) select gen_random_uuid(), 'drill.fan.' || n from generate_series(1, $3::int) n returning id
  )
  insert into follow (follower_id, followee_id, created_at)
  select f.id, t.id, now() from fan f, unnest(array[$1::uuid, $2::uuid]) as t (id)`;
