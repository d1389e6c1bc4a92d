import { request } from 'node:http';
import { notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import { userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { globalId } from '../../src/api/schema/global-id.js';
import { AdmissionService } from '../../src/overload/admission.service.js';
import { LoopDelayService } from '../../src/overload/loop-delay.service.js';
import { OVERLOAD } from '../../src/overload/overload.config.js';
import { PaceService } from '../../src/overload/pace.service.js';
import { connect } from '../support/socket.js';
import { aPost } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const BUSY = { code: 'UNAVAILABLE', reason: 'OVERLOADED', retryAfterSeconds: 1 };

describe('a gateway that has too much to do', () => {
  let world: World;
  let ann: TestUser;
  let delayMs = 0;
  const loop = () => world.app.get(LoopDelayService, { strict: false });
  const admission = () => world.app.get(AdmissionService, { strict: false });
  /** Holds all that one gateway executes at a time. */
  function fill(): (() => void)[] {
    const { pointsInFlight, dearPoints } = OVERLOAD;
    return Array.from(
      { length: pointsInFlight / dearPoints },
      (_, i) => admission().enter({ userId: `busy ${i}`, address: '' }, dearPoints) as () => void,
    );
  }

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
    world.app.get(PaceService, { strict: false }).now = () => 0;
    // What is measured meanwhile goes nowhere: here the delay is what a test says.
    Object.defineProperty(loop(), 'ms', { get: () => delayMs, set: () => undefined });
  });
  afterEach(() => {
    delayMs = 0;
  });
  afterAll(() => world?.close());

  it('answers 503 with Retry-After and the reason, and executes nothing', async () => {
    const held = fill();
    world.clearCalls();
    const { status, headers, errors } = await world.gql('{ me { username } }', {}, { as: ann });
    for (const release of held) release();
    expect([status, headers.get('retry-after'), errors?.[0]?.extensions]).toEqual([
      503,
      '1',
      { ...BUSY, correlationId: expect.any(String) },
    ]);
    expect(world.callsOf(userRpc.profilesByIds)).toEqual([]);
    expect((await world.gql('{ me { username } }', {}, { as: ann })).status).toBe(200);
  });

  it('says the same on a socket, which stays open', async () => {
    const socket = await connect(world, ann);
    await socket.run('{ __typename }');
    const held = fill();
    const { errors } = await socket.run('{ me { username } }');
    const live = await socket.run('subscription { notificationReceived { cursor } }');
    for (const release of held) release();
    expect([errors[0]?.extensions, live.errors[0]?.extensions]).toMatchObject([BUSY, BUSY]);
    expect((await socket.run('{ me { username } }')).data).toEqual([{ me: { username: ann.username } }]);
    await socket.close();
  });

  it('takes no points for what it refuses, over HTTP and on sockets alike', async () => {
    const like = `mutation { likePost(postId: "${globalId('post', newId())}") { id } }`;
    await world.answer(postRpc.like, ({ postId: id }) => aPost({ id }));
    const bo = await world.signUp();
    const socket = await connect(world, bo);
    await socket.run('{ __typename }');
    const held = fill();
    for (let turn = 0; turn < 3; turn++) {
      expect((await socket.run(like)).errors[0]?.extensions).toMatchObject(BUSY);
      expect((await world.gql(like, {}, { as: bo })).status).toBe(503);
    }
    for (const release of held) release();
    expect((await socket.run(like)).errors).toEqual([]);
    await socket.close();
    const { headers } = await world.gql(like, {}, { as: bo });
    expect(headers.get('ratelimit')).toMatch(/^"likes-hour";r=198;/);
    expect(admission().usage.inFlight).toBe(0);
  });

  it('refuses a visitor before the body has come, and signs users in and serves them meanwhile', async () => {
    delayMs = OVERLOAD.delayOfVisitorsMs + 1;
    const early = request(`${world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '1000', connection: 'close' },
    });
    const status = new Promise((resolve, reject) => {
      early.once('response', (response) => resolve([response.statusCode, response.headers['retry-after']]));
      early.once('error', reject);
    });
    early.write('{');
    expect(await status).toEqual([503, '1']);
    early.destroy();
    const { status: ofAnn } = await world.gql('{ me { username } }', {}, { as: ann });
    expect(ofAnn).toBe(200);
    delayMs = OVERLOAD.delayOfUsersMs + 1;
    const refused = await world.gql('{ me { username } }', {}, { as: ann });
    expect([refused.status, refused.errors?.[0]?.extensions]).toMatchObject([503, BUSY]);
    const auth = await world.post('/auth/session/refresh', {}, { authorization: `Bearer ${ann.refreshToken}` });
    expect([auth.status, await auth.json()]).toMatchObject([503, BUSY]);
  });

  it('holds nothing for a client that has gone before its answer', async () => {
    let thaw: () => void = () => undefined;
    const before = world.handlerOf(notificationRpc.unreadCount);
    await world.answer(
      notificationRpc.unreadCount,
      () => new Promise((resolve) => (thaw = () => resolve({ count: 1 }))),
    );
    const { requests, inFlight } = admission().usage;
    const gone = new AbortController();
    const asked = fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ann.token}` },
      body: JSON.stringify({ query: '{ unreadNotificationCount }' }),
      signal: gone.signal,
    }).catch(() => undefined);
    await eventually(() => admission().usage.inFlight > inFlight);
    gone.abort();
    await asked;
    await eventually(() => admission().usage.requests === requests);
    thaw();
    await eventually(() => admission().usage.inFlight === inFlight);
    await world.answer(notificationRpc.unreadCount, before);
  });
});
