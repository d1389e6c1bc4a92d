import { Registry } from 'prom-client';
import WebSocket from 'ws';
import { MAX_UPLOAD_BYTES, mediaRpc } from '@fowergram/contracts-media';
import { postRpc } from '@fowergram/contracts-post';
import { userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { globalId } from '../../src/api/schema/global-id.js';
import { RateLimitsService } from '../../src/limits/rate-limits.service.js';
import { aComment } from '../support/comments.js';
import { freezeTime } from '../support/frozen-time.js';
import { times as atOnce } from '../support/limited-world.js';
import { connect } from '../support/socket.js';
import { failureBody } from '../support/failure-body.js';
import { aPicture, aPost } from '../support/models.js';
import { anAddress, type GraphqlAnswer, openWorld, type TestUser, type World } from '../support/world.js';

const postId = globalId('post', newId());
const LIKE = `mutation { likePost(postId: "${postId}") { id } }`;
const LOOK_UP = '{ user(username: "nobody") { id } }';

/** Many requests, of which a small machine has fifty under way at a time. */
async function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < count) {
    const from = results.length;
    results.push(...(await atOnce(Math.min(count - from, 50), (index) => work(from + index))));
  }
  return results;
}

/** How many were executed, and the reasons of the others. */
function summary(answers: GraphqlAnswer[]) {
  const refused = answers.filter(({ status }) => status === 429);
  const reasons = new Set(refused.map(({ errors }) => errors?.[0]?.extensions.reason));
  return {
    accepted: answers.filter(({ status }) => status === 200).length,
    refused: refused.length,
    reasons: [...reasons],
  };
}

describe('request limits', () => {
  let world: World;
  let time: ReturnType<typeof freezeTime>;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    time = freezeTime(world);
    await world.answer(postRpc.like, ({ postId: id }) => aPost({ id }));
    await world.answer(postRpc.unlike, ({ postId: id }) => aPost({ id }));
    await world.answer(postRpc.createComment, ({ parentId: _parentId, ...given }) => aComment(given));
    await world.answer(mediaRpc.createUpload, () => ({
      media: aPicture({ status: 'AWAITING_UPLOAD' }),
      url: 'http://store.example/bucket',
      fields: [],
      expiresAt: '2026-11-21T10:30:00.000Z',
    }));
  });
  beforeEach(async () => {
    ann = await world.signUp();
    world.clearCalls();
  });
  afterAll(() => world?.close());

  const as = () => ({ as: ann });
  const like = () => world.gql(LIKE, {}, as());
  const lookUp = (from: string) => world.gql(LOOK_UP, {}, { headers: { 'x-forwarded-for': from } });

  describe('on what one user changes', () => {
    it('let 200 of 1,500 likes through', async () => {
      expect(summary(await times(1_500, like))).toEqual({ accepted: 200, refused: 1_300, reasons: ['LIKES'] });
      expect(world.callsOf(postRpc.like)).toHaveLength(200);
    });

    it('let 100 of 1,500 comments through', async () => {
      const comment = () =>
        world.gql(`mutation { createComment(input: { postId: "${postId}", text: "Nice" }) { id } }`, {}, as());
      expect(summary(await times(1_500, comment))).toEqual({ accepted: 100, refused: 1_400, reasons: ['COMMENTS'] });
      expect(world.callsOf(postRpc.createComment)).toHaveLength(100);
    });

    it('let 100 of 1,000 follows through', async () => {
      const follow = () =>
        world.gql(`mutation { followUser(userId: "${globalId('user', newId())}") { following } }`, {}, as());
      expect(summary(await times(1_000, follow))).toEqual({ accepted: 100, refused: 900, reasons: ['FOLLOWS'] });
      expect(world.callsOf(userRpc.follow)).toHaveLength(100);
    });

    it('give permission for 1 GiB of the 45 GB that are asked for', async () => {
      const upload = () =>
        world.gql(
          `mutation { createMediaUpload(input: { contentType: "image/jpeg", byteSize: ${MAX_UPLOAD_BYTES} }) { url } }`,
          {},
          as(),
        );
      expect(summary(await times(1_500, upload))).toEqual({ accepted: 34, refused: 1_466, reasons: ['UPLOAD_BYTES'] });
      expect(world.callsOf(mediaRpc.createUpload)).toHaveLength(34);
    });

    it('let ten changes of the name through, and go on with everything else of a profile', async () => {
      await world.answer(userRpc.updateProfile, ({ userId }) => world.profiles.get(userId)!);
      const update = (input: string) => world.gql(`mutation { updateProfile(input: { ${input} }) { id } }`, {}, as());
      const renamed = await times(12, (index) => update(index % 2 ? 'displayName: "Ann"' : 'username: "ann"'));
      expect(summary(renamed)).toEqual({ accepted: 10, refused: 2, reasons: ['NAMES'] });
      expect(summary([await update('bio: "Hello"')])).toMatchObject({ accepted: 1 });
    });

    it('count one change a second and 300 at once, whatever it is', async () => {
      const mark = () => world.gql('mutation { revokeOtherSessions { sessionIds } }', {}, as());
      expect(summary(await times(305, mark))).toEqual({ accepted: 300, refused: 5, reasons: ['WRITES'] });
      time.pass(2);
      expect(summary(await times(5, mark))).toEqual({ accepted: 2, refused: 3, reasons: ['WRITES'] });
    });

    it('count each alias, and an operation that asks for too much is refused as a whole', async () => {
      const likes = (count: number) =>
        `mutation { ${Array.from({ length: count }, (_none, index) => `a${index}: likePost(postId: "${postId}") { id }`).join(' ')} }`;
      expect(summary(await times(6, () => world.gql(likes(30), {}, as())))).toMatchObject({ accepted: 6 });
      expect(summary([await world.gql(likes(21), {}, as())])).toEqual({ accepted: 0, refused: 1, reasons: ['LIKES'] });
      expect(summary([await world.gql(likes(20), {}, as())])).toMatchObject({ accepted: 1 });
      expect(world.callsOf(postRpc.like)).toHaveLength(200);
    });

    it('count what a fragment hides, once for each response name', async () => {
      const query = `mutation { ...A ...A x: unlikePost(postId: "${postId}") { id } } fragment A on Mutation { likePost(postId: "${postId}") { id } }`;
      const { headers } = await world.gql(query, {}, as());
      expect(headers.get('ratelimit')).toBe('"likes-hour";r=198;t=36');
    });

    it('give points back evenly, and end with the day', async () => {
      await times(200, like);
      time.pass(36);
      expect(summary(await times(5, like))).toEqual({ accepted: 2, refused: 3, reasons: ['LIKES'] });
      for (let hour = 0; hour < 5; hour++) {
        time.pass(3_600);
        await times(200, like);
      }
      const { errors } = await like();
      expect(errors?.[0]?.extensions).toMatchObject({ reason: 'LIKES', retryAfterSeconds: expect.any(Number) });
      expect(world.callsOf(postRpc.like).length).toBeLessThan(1_000 + (5.1 * 1_000) / 24);
    });

    it('are no business of another user', async () => {
      await times(201, like);
      ann = await world.signUp();
      expect((await like()).errors).toBeUndefined();
    });
  });

  it('on what the users of one address change together are those of twenty users', async () => {
    const limits = world.app.get(RateLimitsService);
    const address = anAddress();
    const upload = async (userId: string, from = address) =>
      (await limits.admit({ userId, address: from }, { reads: 1, writes: new Map([['uploads', 1]]) })).error;
    for (let user = 0; user < 20; user++)
      expect((await atOnce(120, () => upload(`user ${user}`))).filter(Boolean)).toEqual([]);
    expect(await upload('another user')).toMatchObject({ code: 'RATE_LIMITED', details: { reason: 'UPLOADS' } });
    expect(await upload('another user', anAddress())).toBeUndefined();
  });

  describe('on what is read', () => {
    it('let 546 of 833 look-ups of a visitor through in a second', async () => {
      const from = anAddress();
      expect(summary(await times(833, () => lookUp(from)))).toEqual({
        accepted: 546,
        refused: 287,
        reasons: ['READS'],
      });
      expect(summary([await lookUp(anAddress())])).toMatchObject({ accepted: 1 });
    });

    it('take an IPv6 address for its /64', async () => {
      await times(546, (index) => lookUp(`2001:db8:1:2::${index.toString(16)}`));
      expect(summary([await lookUp('2001:db8:1:2:ffff::1')])).toMatchObject({ refused: 1 });
      expect(summary([await lookUp('2001:db8:1:3::1')])).toMatchObject({ accepted: 1 });
    });

    it('count what an operation may bring, and the last one may overdraw', async () => {
      const query = `query ($first: Int) { me { followers(first: $first) { edges { node { followers(first: 82) { edges { node { id } } } } } } } }`;
      await world.answer(userRpc.followers, () => ({ edges: [], hasNextPage: false }));
      const read = (first: number) => world.gql(query, { first }, as());
      const answers = [];
      for (let page = 0; page < 16; page++) answers.push(await read(20));
      expect(summary(answers)).toEqual({ accepted: 13, refused: 3, reasons: ['READS'] });
      expect(summary([await read(1)])).toMatchObject({ refused: 1 });
    });

    it('count texts that are refused, and no longer parse those of whoever sends many', async () => {
      const from = { headers: { 'x-forwarded-for': anAddress() } };
      const answers = await times(125, (index) => world.gql(`{ nothing${index} }`, {}, from));
      expect(answers.map(({ status }) => status)).toEqual([
        ...Array<number>(120).fill(400),
        ...Array<number>(5).fill(429),
      ]);
    });

    it('refuse a visitor nothing for what signed-in users of the address do', async () => {
      const from = { 'x-forwarded-for': anAddress() };
      await times(547, () => world.gql(LOOK_UP, {}, { headers: from }));
      expect(summary([await world.gql(LOOK_UP, {}, { as: ann, headers: from })])).toMatchObject({ accepted: 1 });
    });
  });

  describe('as a client sees them', () => {
    it('say what is left', async () => {
      const { headers } = await world.gql(LOOK_UP, {}, as());
      expect(headers.get('ratelimit-policy')).toBe('"reads-minute";q=60000;w=60');
      expect(headers.get('ratelimit')).toBe('"reads-minute";r=59989;t=1');
      const liked = await like();
      expect(liked.headers.get('ratelimit-policy')).toBe(
        '"writes-5-minutes";q=300;w=300, "likes-hour";q=200;w=3600, "likes-day";q=1000;w=86400, "reads-minute";q=60000;w=60',
      );
      expect(liked.headers.get('ratelimit')).toBe('"likes-hour";r=199;t=18');
    });

    it('refuse with 429, with words and with the time to wait', async () => {
      await times(200, like);
      const answer = await like();
      expect(answer).toMatchObject({
        status: 429,
        errors: [
          {
            message: 'Too many likes: try again later.',
            extensions: { code: 'RATE_LIMITED', reason: 'LIKES', retryAfterSeconds: 18 },
          },
        ],
      });
      expect(answer.data).toBeUndefined();
      expect(answer.headers.get('retry-after')).toBe('18');
      expect(answer.headers.get('ratelimit')).toBe('"likes-hour";r=0;t=3600');
      time.pass(18);
      expect((await like()).errors).toBeUndefined();
    });

    it('let a web page read them', async () => {
      const { headers } = await world.gql(LOOK_UP, {}, { headers: { origin: 'http://127.0.0.1:3000' } });
      expect(headers.get('access-control-expose-headers')?.split(', ')).toEqual(
        expect.arrayContaining(['ratelimit', 'ratelimit-policy', 'retry-after']),
      );
    });

    it('are the same over a socket', async () => {
      await times(198, like);
      const socket = await connect(world, ann);
      const results = [await socket.run(LIKE), await socket.run(LIKE), await socket.run(LIKE)];
      await socket.close();
      expect(results.map(({ errors }) => errors[0]?.extensions)).toEqual([
        undefined,
        undefined,
        expect.objectContaining({ code: 'RATE_LIMITED', reason: 'LIKES', retryAfterSeconds: 18 }),
      ]);
      expect(summary([await like()])).toMatchObject({ refused: 1 });
    });
  });

  describe('on sockets', () => {
    it('let a user open 60 a minute', async () => {
      const from = { headers: { 'x-forwarded-for': anAddress() } };
      const limits = world.app.get(RateLimitsService);
      for (let count = 0; count < 59; count++) limits.admitConnection({ userId: ann.id, address: 'elsewhere' });
      const socket = await connect(world, ann, from);
      expect((await socket.run('{ __typename }')).data).toEqual([{ __typename: 'Query' }]);
      expect(await (await connect(world, ann, from)).closed).toMatchObject({ code: 1013 });
      await socket.close();
    });

    it('let an address open 3,000 a minute', async () => {
      const address = anAddress();
      const limits = world.app.get(RateLimitsService);
      for (let count = 0; count < 2_999; count++) limits.admitConnection({ userId: null, address });
      const upgrade = (from: string) =>
        new Promise<{ status?: number; retryAfter?: string }>((resolve) => {
          const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
            headers: { 'x-forwarded-for': from },
          });
          socket.once('upgrade', ({ statusCode: status }) => resolve({ status }));
          socket.once('open', () => socket.close());
          socket.once('error', () => undefined);
          socket.once('unexpected-response', (_request, { statusCode: status, headers }) =>
            resolve({ status, retryAfter: headers['retry-after'] }),
          );
        });
      expect(await upgrade(address)).toEqual({ status: 101 });
      expect(await upgrade(address)).toEqual({ status: 429, retryAfter: '1' });
      expect(await upgrade(anAddress())).toEqual({ status: 101 });
    });

    it('count each event of a subscription', async () => {
      const media = aPicture({ ownerId: ann.id });
      await world.answer(mediaRpc.byIds, () => [media]);
      const socket = await connect(world, ann);
      const subscription = `subscription { mediaUpdated(mediaId: "${globalId('media', media.id)}") { id } }`;
      expect((await socket.run(subscription)).data).toHaveLength(1);
      await socket.close();
      const { headers } = await world.gql(LOOK_UP, {}, as());
      expect(headers.get('ratelimit')).toBe('"reads-minute";r=59967;t=1');
    });
  });

  it('on endpoints of /auth that have none of their own are those of a visitor', async () => {
    const address = anAddress();
    const limits = world.app.get(RateLimitsService);
    for (let count = 0; count < 600; count++) limits.admitRequest(address);
    const response = await world.post(
      '/auth/signout',
      {},
      { authorization: `Bearer ${ann.token}`, 'x-forwarded-for': address },
    );
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      429,
      '1',
      failureBody({ code: 'RATE_LIMITED', reason: 'READS', message: expect.any(String), retryAfterSeconds: 1 }),
    ]);
    time.pass(1);
    expect(
      (await world.post('/auth/signout', {}, { authorization: `Bearer ${ann.token}`, 'x-forwarded-for': address }))
        .status,
    ).toBe(200);
  });

  it('are counted by limit', async () => {
    await times(203, like);
    const metrics = await world.app.get(Registry).metrics();
    expect(Number(/rate_limited_total\{[^}]*limit="likes-hour"[^}]*\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(2);
  });
});
