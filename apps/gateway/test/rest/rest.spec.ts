import { jest } from '@jest/globals';
import { AppError, changedMeanwhile, requireVersion } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { notificationRpc } from '@fowergram/contracts-notification';
import {
  contentMentionRpc,
  type ContentPreferences,
  postRpc,
  preferenceRpc,
  preferencesVersion,
  repostRpc,
  saveRpc,
  tagRpc,
} from '@fowergram/contracts-post';
import { profileVersion } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { meanings, PROBLEM_PAGES } from '../../src/rest/problem-pages.js';
import { OperationsService } from '../../src/api/context/operations.service.js';
import { routes } from '../../src/rest/routes/routes.js';
import { withShapes } from '../../src/rest/shapes.js';
import { AnswerWriter } from '../../src/rest/writing/answer-writer.js';
import { aComment, answerComments } from '../support/comments.js';
import { rest, type RestOptions } from '../support/rest.js';
import { cookiesOf, signIn } from '../support/accounts.js';
import { aPicture, aPost } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';
import { testServiceKeys } from './service-keys.js';

const SOME_ID = newId();

describe('REST', () => {
  let world: World;
  let ann: TestUser;
  let preferences: ContentPreferences;
  const postId = newId();
  const mediaId = newId();
  const address = `/posts/post_${postId}`;
  const ask = (method: string, path: string, options: RestOptions = {}) =>
    rest(world, method, path, { as: ann, ...options });

  const pictures = ({ ids }: { ids: string[] }) => ids.map((id) => aPicture({ id, ownerId: ann.id }));
  const mine = (given = {}) => aPost({ id: postId, authorId: ann.id, mediaIds: [mediaId], ...given });

  beforeAll(async () => {
    world = await openWorld({ EMAIL_VERIFICATION: 'off' });
    ann = await world.signUp();
    await world.answer(mediaRpc.byIds, pictures);
    await world.answer(saveRpc.savedAmong, () => []);
    await world.answer(repostRpc.repostedAmong, () => []);
    await world.answer(tagRpc.ofPosts, () => []);
    await world.answer(contentMentionRpc.ofContents, () => []);
    preferences = { userId: ann.id, altText: 'NONE', sensitiveMedia: 'BLUR', approvesTags: false };
    await world.answer(preferenceRpc.get, () => preferences);
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    await world.answer(postRpc.byIds, ({ ids }) =>
      ids.map((id) => aPost({ id, authorId: ann.id, mediaIds: [mediaId] })),
    );
    await world.answer(postRpc.like, () => mine({ viewerHasLiked: true }));
    await world.answer(postRpc.create, ({ caption }) => mine({ caption }));
    await world.answer(postRpc.update, ({ expectedVersion }) => {
      if (expectedVersion !== undefined && expectedVersion !== 1)
        throw new AppError('CONFLICT', 'It has changed.', { path: ['expectedVersion'], reason: 'VERSION' });
      return mine({ version: 2, caption: 'New' });
    });
    await world.answer(postRpc.homeFeed, ({ first, after }) => {
      const at = after ? Number(after) + 1 : 0;
      const edges = Array.from({ length: Math.min(first, 3 - at) }, (_, index) => ({
        cursor: String(at + index),
        node: aPost({ authorId: ann.id }),
      }));
      return { edges, hasNextPage: at + edges.length < 3 };
    });
    world.clearCalls();
  });

  describe('a route', () => {
    it('shows a thing with what belongs to it', async () => {
      const { status, body } = await ask('GET', address);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        id: `post_${postId}`,
        author: { username: ann.username },
        media: [{ status: 'READY' }],
      });
    });

    it.each(routes.filter(({ isPublic }) => !isPublic).map(({ method, path }) => [method, path]))(
      'is not for visitors: %s %s',
      async (method, path) => {
        const body = method === 'GET' || method === 'DELETE' ? undefined : {};
        const answer = await ask(method, path.replace(/\{\w+\}/g, 'x'), { as: undefined, body });
        expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        const bare = await ask(method, path.replace(/\{\w+\}/g, 'x'), { as: undefined });
        expect([bare.status, bare.body.code]).toEqual([401, 'UNAUTHENTICATED']);
      },
    );

    it('makes a thing, and says where it is', async () => {
      const { status, headers, body } = await ask('POST', '/posts', {
        body: { caption: 'Hi', mediaIds: [`media_${newId()}`] },
        headers: { 'idempotency-key': 'k-1' },
      });
      expect([status, body.caption, headers.get('location')]).toEqual([201, 'Hi', `/api/v1${address}`]);
      expect(world.callsOf(postRpc.create)[0]!.envelope.idempotencyKey).toBe(`${ann.id}:k-1:createPost`);
    });

    it('takes the same points as its mutation', async () => {
      const { headers } = await ask('PUT', `${address}/like`);
      expect(headers.get('ratelimit-policy')).toContain('likes-hour');
    });

    it('answers 204 where there is nothing to show', async () => {
      await world.answer(postRpc.delete, () => ({ deleted: true }));
      const { status, body } = await ask('DELETE', address);
      expect([status, body]).toEqual([204, null]);
    });

    it('shows a thing of another kind to nobody', async () => {
      const answer = await ask('GET', `/users/post_${postId}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    });

    it('shows the comments of a post, and the notifications', async () => {
      await answerComments(world, ({ postId: id }) => ({
        edges: [{ cursor: '1', node: aComment({ postId: id, authorId: ann.id }) }],
        hasNextPage: false,
      }));
      await world.answer(notificationRpc.list, () => ({ edges: [], hasNextPage: false }));
      expect((await ask('GET', `${address}/comments?order=OLDEST`)).body.items).toMatchObject([{ text: 'So blue!' }]);
      expect((await ask('GET', '/notifications')).body).toEqual({ items: [], nextCursor: null });
    });

    it('leaves a part out that is away, and says so', async () => {
      await world.answer(mediaRpc.byIds, () => {
        throw new AppError('UNAVAILABLE', 'Away.');
      });
      world.profiles.set(ann.id, { ...world.profiles.get(ann.id)!, avatarMediaId: newId() });
      const { status, headers, body } = await ask('GET', '/me');
      expect([status, body.avatar, headers.get('x-incomplete'), headers.get('etag')]).toEqual([
        200,
        null,
        'me.avatar',
        null,
      ]);
      world.profiles.set(ann.id, { ...world.profiles.get(ann.id)!, avatarMediaId: null });
      await world.answer(mediaRpc.byIds, pictures);
    });
  });

  describe('a list', () => {
    it('leads from page to page by a link, to its end', async () => {
      const pages: number[] = [];
      for (let next: string | undefined = '/feed?limit=2'; next;) {
        const { body, headers } = await ask('GET', next);
        pages.push(body.items.length);
        next = /^<\/api\/v1([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
        expect(next === undefined).toBe(body.nextCursor === null);
      }
      expect(pages).toEqual([2, 1]);
    });

    it('has the cursors of its GraphQL list, and takes no others', async () => {
      const { body } = await ask('GET', '/feed?limit=2');
      const query = 'query ($after: String) { homeFeed(after: $after) { edges { node { id } } } }';
      expect((await world.gql(query, { after: body.nextCursor }, { as: ann })).data.homeFeed.edges).toHaveLength(1);
      const bo = await world.signUp();
      const stolen = await ask('GET', `/feed?after=${body.nextCursor}`, { as: bo });
      expect(stolen.body).toMatchObject({ status: 400, reason: 'BAD_CURSOR', errors: [{ parameter: 'after' }] });
    });
  });

  describe('an error', () => {
    it.each([
      ['GET', '/feed?limit=101', 400, { errors: [{ parameter: 'limit' }] }],
      ['GET', '/feed?limit=x', 400, { errors: [{ parameter: 'limit' }] }],
      ['GET', '/feed?limit=1&limit=2', 400, { errors: [{ parameter: 'limit' }] }],
      ['GET', '/feed?offset=1', 400, { errors: [{ parameter: 'offset', detail: 'This is not known here.' }] }],
      ['GET', '/posts/nothing', 400, { errors: [{ parameter: 'id' }] }],
      ['GET', '/posts', 400, { errors: [{ parameter: 'query', detail: 'This is missing.' }] }],
      ['GET', '/posts/post_1/nowhere', 404, { code: 'NOT_FOUND' }],
      ['GET', '/posts/%zz', 400, { code: 'BAD_USER_INPUT' }],
      ['PUT', '/feed', 405, { code: 'BAD_USER_INPUT' }],
      ['POST', '/posts', 415, { code: 'BAD_USER_INPUT' }, { 'content-type': 'text/plain' }, 'x'],
      ['POST', '/posts', 400, { code: 'BAD_USER_INPUT' }, {}, '{'],
      ['POST', '/posts', 400, { errors: [{ pointer: '#/caption' }, { pointer: '#/mediaIds' }] }, {}, { mediaIds: [] }],
      ['POST', '/posts', 400, { errors: [{ pointer: '#/mediaIds/0' }] }, {}, { caption: '', mediaIds: [7] }],
      ['POST', '/posts', 400, { errors: [{ pointer: '#/mediaIds/0' }] }, {}, { caption: '', mediaIds: ['x'] }],
      [
        'POST',
        '/posts',
        400,
        { errors: [{ pointer: '#/mediaIds', detail: 'Something stands here twice.' }] },
        {},
        { caption: '', mediaIds: [`media_${SOME_ID}`, `media_${SOME_ID}`] },
      ],
      [
        'POST',
        '/posts',
        400,
        { errors: [{ pointer: '#/caption' }] },
        {},
        { caption: 'x'.repeat(2_201), mediaIds: [`media_${newId()}`] },
      ],
      [
        'POST',
        '/posts',
        400,
        { errors: [{ pointer: '#/a~1b' }, { pointer: '#/mediaIds' }] },
        {},
        { caption: '', mediaIds: [], 'a/b': 1 },
      ],
      ['POST', '/posts', 413, { code: 'PAYLOAD_TOO_LARGE' }, {}, { caption: 'x'.repeat(70_000), mediaIds: [] }],
      ['POST', `/posts/post_${newId()}/comments`, 400, { errors: [{ pointer: '#/text' }] }, {}, { text: ' ' }],
      ['POST', '/posts/nothing/comments', 400, { errors: [{ parameter: 'id' }] }, {}, { text: 'Hi' }],
      ['PUT', `/posts/post_${newId()}/like`, 400, { errors: [{ pointer: '#' }] }, {}, { a: 1 }],
      ['GET', '/me', 406, { code: 'BAD_USER_INPUT' }, { accept: 'text/html' }],
      ['GET', '/me', 400, { code: 'BAD_USER_INPUT' }, { 'idempotency-key': 'ä'.repeat(201) }],
    ] as [string, string, number, object, Record<string, string>?, unknown?][])(
      'is a problem with its place: %s %s → %i %j',
      async (method, path, status, problem, headers = {}, body = undefined) => {
        if (headers['idempotency-key']) headers = { 'idempotency-key': 'x'.repeat(201) };
        const answer = await ask(method, path, { headers, body });
        expect(answer.body).toMatchObject({
          status,
          ...problem,
          correlationId: answer.headers.get('x-correlation-id'),
        });
        expect(answer.status).toBe(status);
        expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      },
    );

    it('names every place that is wrong, and not more than twenty of them', async () => {
      const both = await ask('POST', '/posts', { body: { mediaIds: [7, 'x'], audience: 'NOBODY', extra: 1 } });
      const pointers = both.body.errors.map(({ pointer }: { pointer: string }) => pointer);
      expect(pointers.sort()).toEqual(['#/audience', '#/caption', '#/extra', '#/mediaIds/0', '#/mediaIds/1']);
      const parameters = await ask('GET', '/feed?limit=x&offset=1');
      expect(parameters.body.errors.map(({ parameter }: { parameter: string }) => parameter).sort()).toEqual([
        'limit',
        'offset',
      ]);
      const apart = await ask('POST', '/posts/nothing/comments', { body: {} });
      expect(apart.body.errors).toMatchObject([{ parameter: 'id' }, { pointer: '#/text' }]);
      const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, 1]));
      expect((await ask('POST', '/posts', { body: many })).body.errors).toHaveLength(20);
    });

    it('has an address as its type, where a page says what the code means', async () => {
      for (const code of Object.keys(meanings)) {
        const page = await fetch(`${world.url}${PROBLEM_PAGES}/${code}`, { headers: { accept: 'text/html' } });
        expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
        expect(await page.text()).toContain(`<h1>${code}</h1>`);
      }
      const nowhere = await fetch(`${world.url}${PROBLEM_PAGES}/nothing`);
      expect([nowhere.status, (await nowhere.json()) as object]).toMatchObject([
        404,
        { type: `${PROBLEM_PAGES}/NOT_FOUND` },
      ]);
    });

    it('names the methods of the address', async () => {
      const { headers } = await ask('PUT', '/posts');
      expect(headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
    });

    it('has the code, the reason and the time to wait of its GraphQL error', async () => {
      await world.answer(postRpc.like, () => {
        throw new AppError('RATE_LIMITED', 'Slower.', { reason: 'LIKES', retryAfterSeconds: 9 });
      });
      const { status, headers, body } = await ask('PUT', `${address}/like`);
      expect([status, headers.get('retry-after')]).toEqual([429, '9']);
      expect(body).toMatchObject({
        type: '/api/problems/RATE_LIMITED',
        title: 'Too Many Requests',
        retryAfterSeconds: 9,
      });
    });

    it('of a session is a problem, too', async () => {
      const answer = await ask('GET', '/me', { as: { ...ann, token: 'x.y.z' } });
      expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    });

    it('of ours tells nothing of what went wrong', async () => {
      await world.answer(postRpc.homeFeed, () => {
        throw new Error('select secret from accounts');
      });
      const { status, body } = await ask('GET', '/feed');
      expect([status, body.code]).toEqual([500, 'INTERNAL']);
      expect(JSON.stringify(body)).not.toContain('secret');
    });
  });

  describe('a page of somebody else', () => {
    it('cannot make a browser change anything', async () => {
      const cookie = cookiesOf(await signIn(world, ann, { 'st-auth-mode': 'cookie' }));
      const url = new URL(`/api/v1/posts/post_${postId}/comments`, world.url);
      const body = new URLSearchParams({ text: 'x' }).toString();
      for (const headers of [
        {},
        { 'content-type': 'text/plain' },
        { 'content-type': 'application/x-www-form-urlencoded' },
      ]) {
        const response = await fetch(url, {
          method: 'POST',
          headers: { cookie, ...headers } as Record<string, string>,
          body,
        });
        expect(response.status).toBe(415);
      }
      expect((await fetch(url, { method: 'POST', headers: { cookie } })).status).toBe(403);
      expect(world.callsOf(postRpc.createComment)).toEqual([]);
    });
  });

  describe('a condition', () => {
    it('is met by what the client has: 304 without a body', async () => {
      const first = await ask('GET', address, { headers: { 'accept-encoding': 'gzip' } });
      const etag = first.headers.get('etag')!;
      expect(first.headers.get('content-encoding')).toBeNull();
      expect(first.headers.get('cache-control')).toBe('private, no-cache');
      expect(first.headers.get('vary')).toBe('Origin, Accept, Authorization, Cookie');
      for (const condition of [etag, `"x", W/${etag}`, '*'])
        expect((await ask('GET', address, { headers: { 'if-none-match': condition } })).status).toBe(304);
      for (const condition of [
        '"x"',
        'garbage',
        etag.slice(1),
        ',',
        `${etag}x`,
        `"a,${etag.slice(1)}`,
        `${etag} ${etag}`,
        '"a,'.repeat(2_700),
        '"'.repeat(8_000),
        ' '.repeat(8_000),
      ])
        expect((await ask('GET', address, { headers: { 'if-none-match': condition } })).status).toBe(200);
      for (const condition of [`"a,b",,\t${etag}`, `${etag},`, `W/"x" , W/${etag}`])
        expect((await ask('GET', address, { headers: { 'if-none-match': condition } })).status).toBe(304);
    });

    it('of reading asks for what is named: 412 for anything else', async () => {
      const etag = (await ask('GET', address)).headers.get('etag')!;
      const read = (condition: string, more = {}) =>
        ask('GET', address, { headers: { 'if-match': condition, ...more } });
      for (const condition of ['*', etag, `"x", ${etag}`]) expect((await read(condition)).status).toBe(200);
      for (const condition of ['"x"', `W/${etag}`, 'garbage', '']) {
        const { status, body } = await read(condition, { 'if-none-match': etag });
        expect([status, body.errors]).toMatchObject([412, [{ header: 'If-Match' }]]);
      }
      expect((await read(etag, { 'if-none-match': etag })).status).toBe(304);
    });

    it('of a change is asked for, and holds only for the version that was read', async () => {
      const etag = (await ask('GET', address)).headers.get('etag')!;
      const change = (headers: Record<string, string>) => ask('PATCH', address, { body: { caption: 'New' }, headers });
      expect((await change({})).status).toBe(428);
      expect((await change({ 'if-match': 'garbage' })).status).toBe(412);
      expect((await change({ 'if-match': etag.replace('"1-', '"7-') })).status).toBe(412);
      expect(world.callsOf(postRpc.update).map(({ input }) => input.expectedVersion)).toEqual([7]);
      const changed = await change({ 'if-match': etag });
      expect([changed.status, changed.headers.get('etag')?.startsWith('"2-')]).toEqual([200, true]);
      expect((await change({ 'if-match': '*' })).status).toBe(200);
    });

    it('of a change may name several versions, of which one has to be there', async () => {
      await world.answer(postRpc.update, (expected) => {
        requireVersion(1, expected);
        return aPost({ id: postId, authorId: ann.id, mediaIds: [mediaId], version: 2 });
      });
      const etag = (await ask('GET', address)).headers.get('etag')!;
      const other = (version: number | string) => etag.replace('"1-', `"${version}-`);
      const change = (condition: string) =>
        ask('PATCH', address, { body: { caption: 'New' }, headers: { 'if-match': condition } });
      for (const condition of [`${other(7)}, ${etag}`, `"x", W/${other(3)}, ${etag}`, `${etag},${etag}`])
        expect((await change(condition)).status).toBe(200);
      for (const condition of [`${other(7)}, ${other(8)}`, `${other(7)}, W/${etag}`, `${other('a')}, "x"`])
        expect((await change(condition)).status).toBe(412);
      expect(world.callsOf(postRpc.update).map(({ input }) => [input.expectedVersion, input.expectedVersions])).toEqual(
        [
          [7, [7, 1]],
          [1, undefined],
          [1, undefined],
          [7, [7, 8]],
          [7, undefined],
        ],
      );
      const many = Array.from({ length: 21 }, (_, version) => other(version)).join();
      const refused = await change(many);
      expect([refused.status, refused.body.errors]).toMatchObject([400, [{ header: 'If-Match' }]]);
    });

    it.each([
      ['PATCH', address],
      ['PATCH', '/me/profile'],
      ['PATCH', '/me/preferences'],
    ])('of a change is refused where it is none: %s %s', async (method, path) => {
      const etag = `"1-${'x'.repeat(22)}"`;
      const garbage = ['garbage', '""', `W/${etag}`, `${etag} ${etag}`, etag.slice(1), '"x"', ',', '"1-'.repeat(2_700)];
      for (const condition of garbage) {
        const { status, body } = await ask(method, path, { body: {}, headers: { 'if-match': condition } });
        expect([status, body.errors]).toMatchObject([412, [{ header: 'If-Match' }]]);
      }
      const without = await ask(method, path, { body: {} });
      expect([without.status, without.body.errors]).toMatchObject([428, [{ header: 'If-Match' }]]);
    });

    it('of a profile and of preferences is the version that their owner is asked for', async () => {
      await world.answer(preferenceRpc.update, ({ expectedVersion }) => {
        if (expectedVersion !== undefined && expectedVersion !== preferencesVersion(preferences))
          throw changedMeanwhile();
        return { ...preferences, altText: 'REMIND' as const };
      });
      const read = await ask('GET', '/me/preferences');
      const etag = read.headers.get('etag')!;
      expect(etag.startsWith(`"${preferencesVersion(preferences)}-`)).toBe(true);
      const change = (condition: string) =>
        ask('PATCH', '/me/preferences', { body: { altText: 'REMIND' as const }, headers: { 'if-match': condition } });
      const changed = await change(etag);
      expect([changed.status, changed.body.altText]).toEqual([200, 'REMIND']);
      expect(changed.headers.get('etag')).not.toBe(etag);
      const late = await change(changed.headers.get('etag')!);
      expect([late.status, late.body]).toMatchObject([412, { reason: 'VERSION', errors: [{ header: 'If-Match' }] }]);
      expect((await change('*')).status).toBe(200);
      const versions = world.callsOf(preferenceRpc.update).map(({ input }) => input.expectedVersion);
      expect(versions).toEqual([
        preferencesVersion(preferences),
        preferencesVersion({ ...preferences, altText: 'REMIND' }),
        undefined,
      ]);
      const me = world.profiles.get(ann.id)!;
      expect((await ask('GET', '/me')).headers.get('etag')!.startsWith(`"${profileVersion(me)}-`)).toBe(true);
    });
  });

  describe('an answer to a GET', () => {
    const written = jest.spyOn(AnswerWriter.prototype, 'answer');
    beforeEach(() => written.mockClear());
    const left = async () => (await Promise.all(written.mock.results.map(({ value }) => value))).includes(undefined);

    it.each([
      ['/feed?limit=3', 'listFeed', { limit: 3 }, ['homeFeed']],
      [address, 'getPost', { id: `post_${postId}` }, ['post']],
      ['/me', 'getMe', {}, ['me']],
      ['/me/preferences', 'getContentPreferences', {}, ['contentPreferences']],
    ])('is written without the engine, and says what the engine would say: %s', async (path, id, variables, fields) => {
      const node = mine();
      await world.answer(postRpc.homeFeed, () => ({ edges: [{ cursor: '0', node }], hasNextPage: true }));
      const document = withShapes(routes.find((route) => route.id === id)!.document);
      const { data } = await world.gql(document, variables, { as: ann });
      const { status, body } = await ask('GET', path);
      const shown = fields.reduce((value, field) => value[field], data);
      expect([status, await left(), written.mock.calls.length]).toEqual([200, false, 1]);
      expect(body.items ?? body).toEqual(shown.edges?.map(({ node }: { node: object }) => node) ?? shown);
    });

    it('shows each viewer what is theirs, whoever was answered before', async () => {
      const bo = await world.signUp();
      await world.answer(saveRpc.savedAmong, ({ userId, ids }) => (userId === bo.id ? ids.map((id) => ({ id })) : []));
      const savedBy = async (as: TestUser) => (await ask('GET', address, { as })).body.viewerHasSaved as boolean;
      expect([await savedBy(ann), await savedBy(bo), await savedBy(ann)]).toEqual([false, true, false]);
      await world.answer(saveRpc.savedAmong, () => []);
    });

    it('is left to the engine where a part fails, and asks no service twice', async () => {
      await world.answer(saveRpc.savedAmong, () => {
        throw new AppError('UNAVAILABLE', 'Away.');
      });
      const { status, body } = await ask('GET', '/feed?limit=1');
      expect([status, await left(), body.code]).toEqual([503, true, 'UNAVAILABLE']);
      for (const contract of [postRpc.homeFeed, saveRpc.savedAmong]) expect(world.callsOf(contract)).toHaveLength(1);
      await world.answer(saveRpc.savedAmong, () => []);
    });

    it('that the client has is not made again: the services are asked the same, and nothing is written', async () => {
      const { headers } = await ask('GET', address);
      const asked = () => [postRpc.byIds, saveRpc.savedAmong, tagRpc.ofPosts].map((each) => world.callsOf(each));
      const first = asked().map((calls) => calls.map(({ input }) => input));
      world.clearCalls();
      written.mockClear();
      const again = await ask('GET', address, { headers: { 'if-none-match': headers.get('etag')! } });
      expect([again.status, again.headers.get('etag'), written.mock.calls.length]).toEqual([
        304,
        headers.get('etag'),
        0,
      ]);
      expect(asked().map((calls) => calls.map(({ input }) => input))).toEqual(first);
      for (const name of ['vary', 'cache-control']) expect(again.headers.get(name)).toBe(headers.get(name));
    });

    it('of a usual post is asked for its status alone from the second time on', async () => {
      const status = { ...mine(), revision: '7', viewerHasSaved: false, viewerHasReposted: false };
      const answerStatus = (given: object) =>
        world.answer(postRpc.statuses, ({ ids }) => ids.map((id) => ({ ...status, ...given, id })));
      const etag = (await ask('GET', address)).headers.get('etag')!;
      const again = async () => {
        world.clearCalls();
        const answer = await ask('GET', address, { headers: { 'if-none-match': etag } });
        const asked = [postRpc.statuses, postRpc.byIds, saveRpc.savedAmong, repostRpc.repostedAmong, tagRpc.ofPosts];
        return [answer.status, ...asked.map((contract) => world.callsOf(contract).length)];
      };
      await answerStatus({ likeCount: 4 });
      for (let time = 0; time < 2; time++) expect(await again()).toEqual([304, 1, 1, 1, 1, 1]);
      await answerStatus({});
      expect(await again()).toEqual([304, 1, 1, 1, 1, 1]);
      for (let time = 0; time < 2; time++) expect(await again()).toEqual([304, 1, 0, 0, 0, 0]);
      for (const given of [{ revision: '8' }, { likeCount: 9 }, { viewerHasSaved: true }]) {
        await answerStatus(given);
        expect((await again()).slice(0, 3)).toEqual([304, 1, 1]);
        await answerStatus({});
        await again();
      }
      await world.answer(postRpc.statuses, () => []);
      await world.answer(postRpc.byIds, () => []);
      expect((await again())[0]).toBe(404);
    });

    it.each<[string, () => unknown]>([
      ['a like', () => world.answer(postRpc.byIds, ({ ids }) => ids.map((id) => mine({ id, likeCount: 6 })))],
      ['another caption', () => world.answer(postRpc.byIds, ({ ids }) => ids.map((id) => mine({ id, caption: 'x' })))],
      ['its being saved', () => world.answer(saveRpc.savedAmong, ({ ids }) => ids.map((id) => ({ id })))],
      ['its being passed on', () => world.answer(repostRpc.repostedAmong, ({ ids }) => ids.map((id) => ({ id })))],
      [
        'a tag',
        () =>
          world.answer(tagRpc.ofPosts, ({ ids }) =>
            ids.map((id) => ({ postId: id, tags: [], viewerState: 'PENDING' })),
          ),
      ],
      [
        'another name of its author',
        () => {
          world.profiles.set(ann.id, { ...world.profiles.get(ann.id)!, displayName: newId() });
          world.app.get(OperationsService).userCache.invalidate(ann.id);
        },
      ],
      ['its being hidden', () => world.answer(postRpc.byIds, () => [])],
    ])('that the client has is made anew after %s', async (_what, change) => {
      const etag = (await ask('GET', address)).headers.get('etag')!;
      const condition = { headers: { 'if-none-match': etag } };
      expect((await ask('GET', address, condition)).status).toBe(304);
      await change();
      const { status, headers } = await ask('GET', address, condition);
      expect([200, 404]).toContain(status);
      expect(headers.get('etag')).not.toBe(etag);
      await world.answer(saveRpc.savedAmong, () => []);
      await world.answer(repostRpc.repostedAmong, () => []);
      await world.answer(tagRpc.ofPosts, () => []);
    });

    it('that the client has is made anew where a service does not answer, and for somebody else', async () => {
      const etag = (await ask('GET', address)).headers.get('etag')!;
      const condition = { 'if-none-match': etag };
      const bo = await world.signUp();
      written.mockClear();
      expect((await ask('GET', address, { as: bo, headers: condition })).status).toBe(200);
      expect(written).toHaveBeenCalledTimes(1);
      await world.answer(repostRpc.repostedAmong, () => {
        throw new AppError('UNAVAILABLE', 'Away.');
      });
      expect((await ask('GET', address, { headers: condition })).status).toBe(503);
      await world.answer(repostRpc.repostedAmong, () => []);
      expect((await ask('GET', address, { headers: condition })).status).toBe(304);
    });
  });

  it('serves the OpenAPI document', async () => {
    const response = await fetch(`${world.url}/api/v1/openapi.json`);
    expect(((await response.json()) as { openapi: string }).openapi).toBe('3.1.1');
  });

  describe('the key of a service account', () => testServiceKeys(() => world));
});
