import { createClient, document, type FowergramClient, FowergramError } from '@fowergram/client';
import { createComment, followUser, me, postComments, updateProfile, user } from '@fowergram/client/operations';
import { eventually } from '@fowergram/testing';
import { openClient, type Scene, signedUp } from './scene.js';

const failureOf = async (work: Promise<unknown>): Promise<FowergramError> =>
  work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error as FowergramError,
  );

const commentsOf = async (client: FowergramClient, id: string) =>
  (await client.request(postComments, { id, first: 50 })).post!.comments.edges.map(({ node }) => node);

export function requestTests(scene: () => Scene): void {
  describe('an operation of the client', () => {
    it('brings what its types say', async () => {
      const { client, username } = await signedUp(scene());
      const { user: found } = await client.request(user, { username });
      expect(found).toMatchObject({ username, followerCount: 0, pinnedPosts: [], relationship: null });
      const own = document<{ me: { username: string } | null }>('{ me { username } }');
      expect((await client.request(own)).me?.username).toBe(username);
    });

    it('fails with the code, the path and the key of the server', async () => {
      const { client } = await signedUp(scene());
      const error = await failureOf(client.request(updateProfile, { input: { bio: 'a'.repeat(10_000) } }));
      expect(error).toBeInstanceOf(FowergramError);
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', path: ['input', 'bio'], retryable: false });
      expect(error.details.idempotencyKey).toMatch(/^[0-9a-f-]{36}$/);
      expect(error.details.correlationId).toBeTruthy();
    });

    it('says of what the server does not know that it is no use to repeat it', async () => {
      const { client, sent } = openClient(scene());
      const error = await failureOf(client.request(document('{ thingOfTomorrow { id } }')));
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', retryable: false });
      expect(sent).toHaveLength(1);
    });

    it('is given up when its caller aborts it', async () => {
      const { client } = openClient(scene());
      const ending = new AbortController();
      scene().proxy.silence();
      const waiting = failureOf(client.request(me, undefined, { signal: ending.signal }));
      ending.abort();
      expect((await waiting).code).toBe('ABORTED');
      await scene().proxy.restore();
    });
  });

  describe('a connection that breaks', () => {
    it.each([
      ['before its answer', 0],
      ['in the middle of its answer', 40],
    ])('%s leaves one comment, under one key', async (_when, bytes) => {
      const postId = await scene().postId();
      const { client, sent, id } = await signedUp(scene());
      sent.length = 0;
      scene().proxy.cutNextAnswer(bytes);
      const { createComment: made } = await client.request(createComment, { input: { postId, text: 'Once' } });
      expect(new Set(sent.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      expect(sent.length).toBeGreaterThan(1);
      expect(made).toMatchObject({ text: 'Once' });
      expect((await commentsOf(client, postId)).filter(({ author }) => author.id === id)).toHaveLength(1);
    });

    it('does not lose a query, which is sent again without a key', async () => {
      const { client, sent, username } = await signedUp(scene());
      sent.length = 0;
      scene().proxy.cutNextAnswer(40);
      expect((await client.request(me)).me!.username).toBe(username);
      expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual([undefined, undefined]);
    });

    it('for a while ends with the mutation done, once', async () => {
      const [one, other] = [await signedUp(scene()), await signedUp(scene())];
      one.sent.length = 0;
      await scene().proxy.cut();
      const following = one.client.request(followUser, { userId: other.id });
      await eventually(() => one.sent.length >= 4);
      await scene().proxy.restore();
      expect(await following).toMatchObject({ followUser: { following: true } });
      expect((await other.client.request(me)).me!.followerCount).toBe(1);
    });

    it('for longer than the caller waits fails with NETWORK, and the key with which to try the same again', async () => {
      const postId = await scene().postId();
      const { client, id } = await signedUp(scene());
      scene().proxy.cutNextAnswer();
      const input = { postId, text: 'Once' };
      const error = await failureOf(client.request(createComment, { input }, { giveUpAfterMs: 0 }));
      expect(error).toMatchObject({ code: 'NETWORK', retryable: true });
      await client.request(createComment, { input }, { idempotencyKey: error.details.idempotencyKey! });
      expect((await commentsOf(client, postId)).filter(({ author }) => author.id === id)).toHaveLength(1);
    });
  });

  describe('a server that asks to wait', () => {
    /** Answers of a proxy between: first these, then those of the server. */
    const after = (answers: Response[]) =>
      Object.assign(async (...args: Parameters<typeof fetch>) => answers.shift() ?? fetch(...args), {});

    it('is asked again after that time, and not before', async () => {
      const overloaded = new Response(
        '{"errors":[{"message":"Busy","extensions":{"code":"UNAVAILABLE","reason":"OVERLOADED"}}]}',
        {
          status: 503,
          headers: { 'retry-after': '1' },
        },
      );
      const client = createClient({ url: scene().url, fetch: after([overloaded]) });
      const startedAt = performance.now();
      await client.request(document('{ __typename }'));
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_000);
    });

    it('for longer than the caller waits is not asked again', async () => {
      const limited = new Response('Slow down', { status: 429, headers: { 'retry-after': '3600' } });
      const client = createClient({ url: scene().url, fetch: after([limited]) });
      expect(await failureOf(client.request(me))).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 3_600 });
    });

    it.each([
      ['a page of something between', '<html>Bad gateway</html>', 502],
      ['an answer that was cut and called whole', '{"data":{"me":nul', 200],
      ['a page of a hotel', '<html>Sign in to the network</html>', 200],
    ])('with %s is asked again', async (_what, text, status) => {
      const broken = new Response(text, { status });
      const client = createClient({
        url: scene().url,
        fetch: after([broken]),
        attempts: { firstDelayMs: 1 },
      });
      expect(await client.request(document('{ __typename }'))).toEqual({ __typename: 'Query' });
    });
  });
}
