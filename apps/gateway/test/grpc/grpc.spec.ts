import { jest } from '@jest/globals';
import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import { postEvent, postRpc } from '@fowergram/contracts-post';
import {
  accountRpc,
  hashOfServiceKey,
  secondFactorRpc,
  serviceAccountRpc,
  userEvent,
  userRpc,
} from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { EventLog } from '@fowergram/messaging';
import { eventually, freePort } from '@fowergram/testing';
import { GRPC_BOUNDS } from '../../src/grpc/grpc.config.js';
import { LimitsClock } from '../../src/limits/limits-clock.service.js';
import { RateLimitsService } from '../../src/limits/rate-limits.service.js';
import { claimsOf, openAccounts, signIn } from '../support/accounts.js';
import {
  aServiceKey,
  type CallOptions,
  GrpcCaller,
  type GrpcWorld,
  openGrpcWorld,
  type Outcome,
  outcomeOf,
} from '../support/grpc.js';
import { startGateway } from '../support/gateway-process.js';
import { hasPip, startPythonClient } from '../support/python-client.js';
import { aPost, aProfile } from '../support/models.js';
import type { TestUser } from '../support/world.js';

const VALIDATE = 'fowergram.auth.v1.Tokens/Validate';
const USERS = 'fowergram.v1.Users/BatchGet';
const POSTS = 'fowergram.v1.Posts/BatchGet';
const PYTHON_TIMEOUT_MS = 90_000;
const WATCH = 'fowergram.v1.Events/Watch';

interface WatchAnswer {
  position: string;
  event?: {
    id: string;
    kind: string;
    liked?: object;
    followed?: { followerId: string };
  } | null;
}

describe('What other back ends call by gRPC:', () => {
  let world: GrpcWorld;

  beforeAll(async () => {
    world = await openGrpcWorld();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.clearCalls());

  describe('Tokens/Validate', () => {
    const validate = (accessToken: string, key?: string): Promise<Outcome> =>
      world.caller.call(VALIDATE, { accessToken }, { key });
    const reasonFor = async (accessToken: string): Promise<string> =>
      (await validate(accessToken)).answer.invalidToken.reason;

    it('tells whose token it is, and until when', async () => {
      const ann = await world.signUp();
      const { answer } = await validate(ann.token);
      const { exp, iat } = claimsOf(ann.token) as { exp: number; iat: number };
      expect(answer.session).toMatchObject({
        userId: `user_${ann.id}`,
        role: 'ROLE_USER',
        secondFactor: 'SECOND_FACTOR_OFF',
        issueTime: { seconds: String(iat), nanos: 0 },
      });
      expect(Number(answer.session.expireTime.seconds)).toBeLessThanOrEqual(exp);
      expect(answer.invalidToken).toBeFalsy();
    });

    it('asks nobody about a token that it knows', async () => {
      const ann = await world.signUp();
      await validate(ann.token);
      world.clearCalls();
      const answers = await Promise.all(Array.from({ length: 100 }, () => validate(ann.token)));
      expect(answers.filter(({ answer }) => answer?.session?.userId !== `user_${ann.id}`)).toEqual([]);
      expect(world.callsOf(accountRpc.state)).toEqual([]);
    });

    it('refuses a token from the moment on that its session has ended', async () => {
      const ann = await world.signUp();
      await validate(ann.token);
      await world.post('/auth/signout', {}, { authorization: `Bearer ${ann.token}` });
      expect(await reasonFor(ann.token)).toBe('INVALID_TOKEN_REASON_ENDED');
    });

    it('refuses a token as soon as its account is banned', async () => {
      const ann = await world.signUp();
      await validate(ann.token);
      await world.messaging.publish(userEvent.accountChanged, banned(ann));
      await eventually(async () => expect(await reasonFor(ann.token)).toBe('INVALID_TOKEN_REASON_RESTRICTED'));
    });

    it('says of what is no token of ours that it is none', async () => {
      const ann = await world.signUp();
      const [head, payload] = ann.token.split('.');
      for (const token of ['nothing', `${head}.${payload}.AAAA`, 'e30.e30.AAAA', '\u0000'])
        expect([token, await reasonFor(token)]).toEqual([token, 'INVALID_TOKEN_REASON_NOT_OURS']);
    });

    it('says of a token that is over that it has expired', async () => {
      const ann = await world.signUp();
      const [head, payload, signature] = ann.token.split('.');
      const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object;
      const old = Buffer.from(JSON.stringify({ ...claims, exp: 1_700_003_600, iat: 1_700_000_000 })).toString(
        'base64url',
      );
      expect(await reasonFor([head, old, signature].join('.'))).toBe('INVALID_TOKEN_REASON_EXPIRED');
    });

    it('tells that the second factor was given, and refuses a session whose user still has to', async () => {
      const [accounts, ann] = [await openAccounts(world), await world.signUp()];
      accounts.set(ann.id, { secondFactor: 'ON' });
      await world.answer(secondFactorRpc.check, () => ({ usedRecoveryCode: false, recoveryCodesLeft: 7 }));
      const half = await signIn(world, ann);
      expect(await reasonFor(half.token)).toBe('INVALID_TOKEN_REASON_SECOND_FACTOR');
      const { headers } = await world.post(
        '/auth/second-factor/verify',
        { code: '111111' },
        { authorization: `Bearer ${half.token}` },
      );
      const { answer } = await validate(headers.get('st-access-token')!);
      expect(answer.session).toMatchObject({ userId: `user_${ann.id}`, secondFactor: 'SECOND_FACTOR_GIVEN' });
    });

    it.each([
      ['an empty token', ''],
      ['a token that is too long', 'x'.repeat(8_193)],
    ])('is INVALID_ARGUMENT for %s', async (_name, token) => {
      expect(await validate(token)).toMatchObject({
        status: 'INVALID_ARGUMENT',
        trailers: { 'error-code': 'BAD_USER_INPUT', 'error-path': 'access_token' },
      });
    });
  });

  describe('BatchGet', () => {
    function addUser(): string {
      const profile = aProfile({ displayName: 'Ann', avatarMediaId: newId(), links: ['https://ann.example/'] });
      world.profiles.set(profile.id, profile);
      return profile.id;
    }

    it('finds users in the order of their ids, each once, and leaves out who is not there', async () => {
      const [ann, bo, nobody] = [addUser(), addUser(), newId()];
      const ids = [bo, nobody, ann, bo].map((id) => `user_${id}`);
      const { answer } = await world.caller.call(USERS, { ids });
      expect(answer.users.map(({ id }: { id: string }) => id)).toEqual([`user_${bo}`, `user_${ann}`]);
      const profile = world.profiles.get(ann)!;
      expect(answer.users[1]).toEqual({
        id: `user_${ann}`,
        username: profile.username,
        displayName: 'Ann',
        bio: '',
        links: ['https://ann.example/'],
        avatarMediaId: `media_${profile.avatarMediaId}`,
        isVerified: false,
        isPrivate: false,
        createTime: { seconds: String(Date.parse(profile.createdAt) / 1_000), nanos: 0 },
      });
    });

    it('asks for users as the viewer, who does not see whom they are blocked by', async () => {
      const [viewer, ann] = [addUser(), addUser()];
      const found = world.handlerOf(userRpc.profilesByIds);
      await world.answer(userRpc.profilesByIds, (input, envelope) => (input.viewerId ? [] : found(input, envelope)));
      const { answer } = await world.caller.call(USERS, { ids: [`user_${ann}`], viewerId: `user_${viewer}` });
      await world.answer(userRpc.profilesByIds, found);
      expect(answer).toEqual({ users: [] });
      expect(world.callsOf(userRpc.profilesByIds).map(({ input }) => input)).toEqual([
        { ids: [viewer] },
        { ids: [ann], viewerId: viewer },
      ]);
    });

    it('asks for posts as the viewer, and leaves out what they do not see, or whose author is hidden', async () => {
      const [viewer, author, seen, unseen, hidden] = [addUser(), addUser(), newId(), newId(), newId()];
      const post = aPost({ id: seen, authorId: author, caption: 'Hello', mediaIds: [newId()], likeCount: 3 });
      await world.answer(postRpc.byIds, () => [aPost({ id: hidden, authorId: newId() }), post]);
      const ids = [hidden, unseen, seen].map((id) => `post_${id}`);
      const { answer } = await world.caller.call(POSTS, { ids, viewerId: `user_${viewer}` });
      expect(answer.posts).toHaveLength(1);
      expect(answer.posts[0]).toMatchObject({
        id: `post_${seen}`,
        authorId: `user_${author}`,
        caption: 'Hello',
        mediaIds: [`media_${post.mediaIds[0]}`],
        audience: 'AUDIENCE_PUBLIC',
        state: 'POST_STATE_PUBLISHED',
        likeCount: 3,
        editTime: null,
      });
      expect(world.callsOf(postRpc.byIds).map(({ input }) => input)).toEqual([
        { viewerId: viewer, ids: [hidden, unseen, seen] },
      ]);
    });

    it('shows nothing to a viewer who is not there, such as one who is banned', async () => {
      const [ann, nobody] = [addUser(), newId()];
      const request = { ids: [`user_${ann}`], viewerId: `user_${nobody}` };
      expect((await world.caller.call(USERS, request)).answer).toEqual({ users: [] });
      expect((await world.caller.call(POSTS, { ...request, ids: [`post_${newId()}`] })).answer).toEqual({ posts: [] });
      expect(world.callsOf(postRpc.byIds)).toEqual([]);
    });

    it('asks for posts as a visitor where no viewer is named', async () => {
      await world.caller.call(POSTS, { ids: [`post_${newId()}`] });
      expect(world.callsOf(postRpc.byIds).map(({ input }) => input.viewerId)).toEqual([null]);
    });

    it.each([
      ['ten thousand ids', 'ids', { ids: Array.from({ length: 10_000 }, () => `user_${newId()}`) }],
      ['201 ids', 'ids', { ids: Array.from({ length: 201 }, () => `user_${newId()}`) }],
      ['what is no id', 'ids.1', { ids: [`user_${newId()}`, 'nothing'] }],
      ['the id of a post', 'ids.0', { ids: [`post_${newId()}`] }],
      ['a viewer who is no user', 'viewer_id', { ids: [], viewerId: 'ann' }],
    ])('is INVALID_ARGUMENT for %s, and asks nobody', async (_name, path, request) => {
      expect(await world.caller.call(USERS, request)).toMatchObject({
        status: 'INVALID_ARGUMENT',
        trailers: { 'error-code': 'BAD_USER_INPUT', 'error-path': path, 'x-correlation-id': expect.any(String) },
      });
      expect(world.callsOf(userRpc.profilesByIds)).toEqual([]);
    });

    it('is UNAVAILABLE while the owner does not answer, under the correlation id of the caller', async () => {
      const handler = world.handlerOf(postRpc.byIds);
      await world.answer(postRpc.byIds, () => {
        throw new AppError('UNAVAILABLE', 'Away.');
      });
      const outcome = await world.caller.call(
        POSTS,
        { ids: [`post_${newId()}`] },
        { metadata: { 'x-correlation-id': 'of-the-caller' } },
      );
      await world.answer(postRpc.byIds, handler);
      expect(outcome).toMatchObject({ status: 'UNAVAILABLE', trailers: { 'x-correlation-id': 'of-the-caller' } });
      expect(world.callsOf(postRpc.byIds)[0]!.envelope.correlationId).toBe('of-the-caller');
    });

    it('is RESOURCE_EXHAUSTED when the reads of the service account are used up', async () => {
      const key = world.addKey(['users:read']);
      const request = { ids: [`user_${newId()}`] };
      expect((await world.caller.call(USERS, request, { key })).status).toBe('OK');
      const { id: userId } = world.callers.get(hashOfServiceKey(key))!;
      const clock = jest.spyOn(world.app.get(LimitsClock), 'now').mockReturnValue(Date.now());
      const limits = world.app.get(RateLimitsService);
      while (!limits.admitCall('reads', { userId, address: 'another' }, 11).error);
      const refused = await world.caller.call(USERS, request, { key });
      clock.mockRestore();
      expect(refused).toMatchObject({
        status: 'RESOURCE_EXHAUSTED',
        trailers: { 'error-code': 'RATE_LIMITED', 'error-reason': 'READS', 'retry-after': expect.any(String) },
      });
      expect((await world.caller.call(USERS, request)).status).toBe('OK');
    });
  });

  describe('Who calls by gRPC', () => {
    it.each([
      ['no key', {}],
      ['a token of a user', { authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.AAAA' }],
      ['another scheme', { authorization: 'Basic Zm9vOmJhcg==' }],
      ['a key that nobody has', { authorization: `Bearer ${aServiceKey()}` }],
      ['what only begins as a key', { authorization: 'Bearer fgk_' }],
    ])('is UNAUTHENTICATED with %s', async (_name, metadata) => {
      const stranger = new GrpcCaller(world.address);
      expect(await stranger.call(USERS, { ids: [] }, { metadata: metadata as Record<string, string> })).toMatchObject({
        status: 'UNAUTHENTICATED',
        trailers: { 'error-code': 'UNAUTHENTICATED' },
      });
      stranger.close();
    });

    it.each([
      [VALIDATE, 'users:read'],
      [USERS, 'posts:read'],
      [POSTS, 'tokens:validate'],
    ] as const)('is PERMISSION_DENIED at %s with nothing but %s', async (path, scope) => {
      const outcome = await world.caller.call(path, {}, { key: world.addKey([scope]) });
      expect(outcome).toMatchObject({
        status: 'PERMISSION_DENIED',
        trailers: { 'error-code': 'FORBIDDEN', 'error-reason': 'SCOPE_MISSING' },
      });
    });

    it('is asked for at the user service once, and not at each call', async () => {
      const key = world.addKey();
      for (let times = 0; times < 5; times++) await world.caller.call(USERS, { ids: [] }, { key });
      expect(world.callsOf(serviceAccountRpc.verify)).toHaveLength(1);
    });
  });

  describe('A call by gRPC', () => {
    it('is RESOURCE_EXHAUSTED when its message is larger than half a megabyte', async () => {
      const outcome = await world.caller.call(VALIDATE, { accessToken: 'x'.repeat(600_000) });
      expect(outcome.status).toBe('RESOURCE_EXHAUSTED');
    });

    it('ends at the deadline of the caller, and its owner was asked once', async () => {
      const handler = world.handlerOf(postRpc.byIds);
      let release: () => void = () => undefined;
      await world.answer(postRpc.byIds, () => new Promise((resolve) => (release = () => resolve([]))));
      const outcome = await world.caller.call(POSTS, { ids: [`post_${newId()}`] }, { deadlineMs: 300 });
      release();
      await world.answer(postRpc.byIds, handler);
      expect(outcome.status).toBe('DEADLINE_EXCEEDED');
      expect(world.callsOf(postRpc.byIds)).toHaveLength(1);
    });

    it('may be given up, and the next one is served', async () => {
      const handler = world.handlerOf(userRpc.profilesByIds);
      let release: () => void = () => undefined;
      await world.answer(userRpc.profilesByIds, () => new Promise((resolve) => (release = () => resolve([]))));
      const caller = new GrpcCaller(world.address, world.key);
      const pending = caller.call(USERS, { ids: [`user_${newId()}`] });
      await eventually(() => world.callsOf(userRpc.profilesByIds).length > 0);
      caller.close();
      release();
      await world.answer(userRpc.profilesByIds, handler);
      expect((await world.caller.call(USERS, { ids: [] })).status).toBe('OK');
      expect(['CANCELLED', 'UNAVAILABLE', 'OK', 'DEADLINE_EXCEEDED']).toContain((await pending).status);
    });

    it('is UNIMPLEMENTED where there is no such method', async () => {
      const identity = (value: Buffer) => value;
      const outcome = await new Promise((resolve) =>
        world.caller.client.makeUnaryRequest(
          '/fowergram.v1.Users/Nothing',
          identity,
          identity,
          Buffer.alloc(0),
          (error) => resolve(outcomeOf(error!)),
        ),
      );
      expect(outcome).toMatchObject({ status: 'UNIMPLEMENTED' });
    });
  });

  describe('Events/Watch', () => {
    const streams: ClientReadableStream<object>[] = [];

    afterEach(async () => {
      for (const stream of streams.splice(0)) stream.cancel();
      await eventually(async () => (await openStreams()) === 0);
    });

    const openStreams = async (): Promise<number> => {
      const metric = world.app.get(Registry, { strict: false }).getSingleMetric('grpc_watches_open')!;
      return (await metric.get()).values[0]!.value;
    };

    /** Opens a stream and keeps what comes. */
    function watch(request: object = {}, options: CallOptions = {}, caller = world.caller) {
      const stream = caller.open(WATCH, request, { deadlineMs: 60_000, ...options });
      const answers: WatchAnswer[] = [];
      let outcome: Outcome | undefined;
      stream.on('data', (answer: WatchAnswer) => answers.push(answer));
      stream.on('error', (error: ServiceError) => (outcome = outcomeOf(error)));
      const watched = {
        stream,
        answers,
        events: () => answers.flatMap(({ event }) => event ?? []),
        ended: () => eventually(() => outcome ?? Promise.reject(new Error('still open'))),
      };
      streams.push(stream);
      return watched;
    }

    const opened = async (...given: Parameters<typeof watch>) => {
      const watched = watch(...given);
      await eventually(() => watched.answers.length > 0);
      return watched;
    };

    const edge = (followerId = newId()) => ({
      followerId,
      followeeId: newId(),
      version: 1,
      at: new Date().toISOString(),
    });

    it('says where it stands, then sends what happens in its order, and nothing that is not for others', async () => {
      const watched = await opened();
      const [like, follow] = [aLike(), edge()];
      const likeId = await world.messaging.publish(postEvent.liked, like);
      await world.messaging.publish(userEvent.contentReported, {
        reporterId: newId(),
        kind: 'post',
        contentId: newId(),
      });
      await world.messaging.publish(userEvent.followed, follow);
      await eventually(() => watched.events().length === 2);
      expect(watched.events()).toMatchObject([
        {
          id: likeId,
          kind: 'EVENT_KIND_LIKED',
          liked: {
            postId: `post_${like.postId}`,
            authorId: `user_${like.authorId}`,
            likerId: `user_${like.likerId}`,
            version: '1',
          },
        },
        {
          kind: 'EVENT_KIND_FOLLOWED',
          followed: { followerId: `user_${follow.followerId}`, followeeId: `user_${follow.followeeId}` },
        },
      ]);
    });

    it('goes on from the position that somebody has kept, and sends only the kinds that they want', async () => {
      const first = await opened();
      const ids = [newId(), newId(), newId()];
      for (const followerId of ids) await world.messaging.publish(userEvent.followed, edge(followerId));
      await world.messaging.publish(postEvent.liked, aLike());
      await eventually(() => first.events().length === 4);
      const { position } = first.answers.find(({ event }) => event?.followed?.followerId === `user_${ids[0]}`)!;
      const again = watch({ after: position, kinds: ['EVENT_KIND_FOLLOWED'] });
      await eventually(() => again.events().length === 2);
      expect(again.events().map(({ followed }) => followed!.followerId)).toEqual(
        ids.slice(1).map((id) => `user_${id}`),
      );
    });

    it('goes on at another gateway, which a client comes to when its own has gone', async () => {
      const port = await freePort();
      const other = await startGateway(world, { GRPC_PORT: String(port) });
      const elsewhere = new GrpcCaller(`127.0.0.1:${port}`, world.key);
      const here = await opened();
      const ids = [newId(), newId(), newId()];
      await world.messaging.publish(userEvent.followed, edge(ids[0]));
      await eventually(() => here.events().length === 1);
      here.stream.cancel();
      for (const followerId of ids.slice(1)) await world.messaging.publish(userEvent.followed, edge(followerId));
      const there = await opened({ after: here.answers.at(-1)!.position }, {}, elsewhere);
      await eventually(() => there.events().length === 2);
      there.stream.cancel();
      elsewhere.close();
      await other.stop();
      expect([...here.events(), ...there.events()].map(({ followed }) => followed!.followerId)).toEqual(
        ids.map((id) => `user_${id}`),
      );
    });

    it.each([
      ['what is no position', 'nothing', 'INVALID_ARGUMENT', 'BAD_USER_INPUT'],
      ['a position of another log', 'abc-1', 'OUT_OF_RANGE', 'GAP'],
    ])('ends at once for %s', async (_name, after, code, errorCode) => {
      expect(await watch({ after }).ended()).toMatchObject({ status: code, trailers: { 'error-code': errorCode } });
    });

    it('is OUT_OF_RANGE for a position that is still to come', async () => {
      const { answers } = await opened();
      const after = answers[0]!.position.replace(/-\d+$/, '-999999999');
      expect(await watch({ after }).ended()).toMatchObject({ trailers: { 'error-reason': 'CURSOR_EXPIRED' } });
    });

    it('has ten streams for a service account, and the eleventh is RESOURCE_EXHAUSTED', async () => {
      const key = world.addKey(['events:read']);
      await Promise.all(Array.from({ length: 10 }, () => opened({}, { key })));
      expect(await watch({}, { key }).ended()).toMatchObject({
        status: 'RESOURCE_EXHAUSTED',
        trailers: { 'error-reason': 'WATCHES' },
      });
    });

    it('reads no further than its reader, and misses nothing when that goes on', async () => {
      const total = 1_500;
      const watched = await opened();
      watched.stream.pause();
      const reads = jest.spyOn(world.app.get(EventLog, { strict: false }), 'at');
      for (let batch = 0; batch < total; batch += 500)
        await Promise.all(Array.from({ length: 500 }, () => world.messaging.publish(userEvent.followed, edge())));
      let before = -1;
      // It stands still once it has filled what lies between the two.
      await eventually(() => before === (before = reads.mock.calls.length) && before > 0);
      expect(before).toBeLessThan(total);
      watched.stream.resume();
      await eventually(() => watched.events().length === total);
      expect(new Set(watched.events().map(({ id }) => id)).size).toBe(total);
      reads.mockRestore();
    });

    it('is RESOURCE_EXHAUSTED for whoever reads nothing for 15 s, who goes on behind what they have read', async () => {
      const total = 1_500;
      const patience = new AbortController();
      const { timeout } = AbortSignal;
      const clock = jest
        .spyOn(AbortSignal, 'timeout')
        .mockImplementation((ms) => (ms === GRPC_BOUNDS.unreadMs ? patience.signal : timeout(ms)));
      const slow = await opened();
      slow.stream.pause();
      for (let batch = 0; batch < total; batch += 500)
        await Promise.all(Array.from({ length: 500 }, () => world.messaging.publish(userEvent.followed, edge())));
      await eventually(() => clock.mock.calls.some(([ms]) => ms === GRPC_BOUNDS.unreadMs));
      patience.abort();
      await eventually(async () => (await openStreams()) === 0);
      clock.mockRestore();
      slow.stream.resume();
      expect(await slow.ended()).toMatchObject({
        status: 'RESOURCE_EXHAUSTED',
        trailers: { 'error-code': 'RATE_LIMITED', 'error-reason': 'SLOW_READER' },
      });
      const { position } = slow.answers.at(-1)!;
      const read = slow.events().length;
      expect(read).toBeLessThan(total);
      const again = await opened({ after: position });
      await eventually(() => again.events().length === total - read);
      expect(new Set([...slow.events(), ...again.events()].map(({ id }) => id)).size).toBe(total);
    });

    it('ends when the key is revoked', async () => {
      const key = world.addKey(['events:read']);
      const watched = await opened({}, { key });
      const hash = hashOfServiceKey(key);
      const accountId = world.callers.get(hash)!.id;
      world.callers.delete(hash);
      await world.messaging.publish(userEvent.serviceAccountChanged, {
        accountId,
        isClosed: false,
        at: new Date().toISOString(),
      });
      const now = Date.now();
      const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 11_000);
      const ended = watched.ended();
      await ended.finally(() => clock.mockRestore());
      expect(await ended).toMatchObject({ status: 'UNAUTHENTICATED' });
    });
  });

  it('are refused to an address that has guessed keys thousands of times, and no further key is looked at', async () => {
    const clock = jest.spyOn(world.app.get(LimitsClock), 'now').mockReturnValue(Date.now());
    const limits = world.app.get(RateLimitsService);
    for (let times = 0; times < 3_000; times++) limits.admitBadToken('127.0.0.1');
    const outcome = await world.caller.call(USERS, { ids: [] }, { key: aServiceKey() });
    clock.mockRestore();
    expect(outcome).toMatchObject({ status: 'RESOURCE_EXHAUSTED', trailers: { 'error-reason': 'BAD_TOKENS' } });
    expect(world.callsOf(serviceAccountRpc.verify)).toEqual([]);
  });

  (hasPip() ? it : it.skip)(
    'may be called from Python, by the client of docs/grpc.md word by word (skipped where there is no pip)',
    async () => {
      const ann = await world.signUp();
      const client = await startPythonClient({ ADDRESS: world.address, KEY: world.key, TOKEN: ann.token });
      const like = aLike();
      try {
        await eventually(() => /^position /m.test(client.output()));
        await world.messaging.publish(postEvent.liked, like);
        await eventually(() => client.output().includes(`EVENT_KIND_LIKED user_${like.likerId}`));
        expect(client.output()).toContain(`user_${ann.id} ROLE_USER`);
        expect(client.output()).toContain(`['${ann.username}']`);
        await world.stopGateway();
        await eventually(() => /^UNAVAILABLE /m.test(client.output()));
      } catch (error) {
        throw new Error(`The client has printed:\n${client.output()}`, { cause: error });
      } finally {
        await client.stop();
      }
    },
    PYTHON_TIMEOUT_MS,
  );
});

const banned = ({ id }: TestUser) => ({
  userId: id,
  role: 'USER' as const,
  status: 'BANNED' as const,
  isPrivate: false,
  version: 7,
  at: new Date().toISOString(),
});

const aLike = () => ({
  postId: newId(),
  authorId: newId(),
  likerId: newId(),
  version: 1,
  at: new Date().toISOString(),
});
