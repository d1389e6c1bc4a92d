import { createClient, document } from '../src/index.js';
import { me, user } from '../src/operations.js';
import { Subscriptions } from '../src/subscriptions/subscriptions.js';
import { upload, type UploadParts } from '../src/uploads/upload.js';
import { clientOf } from './fake-api.js';

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error,
  );
const refused = (extensions: unknown, status: number, headers = {}) =>
  new Response(JSON.stringify({ errors: [{ message: 'No', extensions }] }), { status, headers });

describe('The client at a server of another version', () => {
  it('hands on fields and values that it does not know', async () => {
    const data = { user: { username: 'zoe', mood: 'SUNNY', relationship: null } };
    const { client } = clientOf(() => ({ data, extensions: { cost: 1 } }));
    expect(await client.request(user, { username: 'zoe' })).toEqual(data);
  });

  it('hands on a code that it does not know, and does not repeat what was refused with it', async () => {
    const { client, sent } = clientOf(() => refused({ code: 'QUARANTINED', reason: 'MOON' }, 400));
    expect(await failureOf(client.request(me))).toMatchObject({
      code: 'QUARANTINED',
      reason: 'MOON',
      retryable: false,
    });
    expect(sent).toHaveLength(1);
  });

  it.each([429, 502, 503, 504])('repeats what was refused with a code that it does not know and %i', async (status) => {
    const answers = [refused({ code: 'MAINTENANCE' }, status), { data: { me: null } }];
    const { client, sent } = clientOf(() => answers.shift()!);
    expect(await client.request(me)).toEqual({ me: null });
    expect(sent).toHaveLength(2);
  });

  it('repeats a mutation that it refuses for a while under the same key', async () => {
    const answers = [refused({ code: 'MAINTENANCE' }, 503), { data: { likePost: null } }];
    const { client, sent } = clientOf(() => answers.shift()!);
    await client.request(document('mutation { likePost(postId: "1") { id } }'));
    expect([sent.length, new Set(sent.map(({ key }) => key)).size]).toEqual([2, 1]);
  });

  it.each([
    ['null', [null]],
    ['an empty object', [{}]],
    ['extensions that are null', [{ message: 'No', extensions: null }]],
    ['a text', ['No']],
  ])('calls an error that is %s a BAD_ANSWER', async (_what, errors) => {
    const { client } = clientOf(() => ({ errors }));
    expect(await failureOf(client.request(me))).toMatchObject({ name: 'FowergramError', code: 'BAD_ANSWER' });
  });

  it.each([['[]'], ['null'], ['{}'], ['{"data":null}'], ['{"data":7}'], ['{"data":{"me":nul'], ['']])(
    'calls %j a BAD_ANSWER',
    async (text) => {
      const { client } = clientOf(() => new Response(text));
      expect(await failureOf(client.request(me))).toMatchObject({ code: 'BAD_ANSWER', retryable: true });
    },
  );

  it('says that an upload ended in a way that it does not know', async () => {
    const parts = {
      request: async () => ({ createMediaUpload: { url: 'http://store.test', fields: [], media: { id: 'm' } } }),
      subscriptions: {
        requireWebSocket: () => undefined,
        async *subscribe() {
          yield { mediaUpdated: { status: 'PROCESSING' } };
          yield { mediaUpdated: { status: 'QUARANTINED' } };
        },
      } as unknown as Subscriptions,
      attempts: { firstDelayMs: 1, longestDelayMs: 1, giveUpAfterMs: 1 },
      fetch: async () => new Response(null, { status: 204 }),
    } as unknown as UploadParts;
    expect(await failureOf(upload(parts, new Blob(['x'])))).toMatchObject({
      code: 'BAD_ANSWER',
      reason: 'QUARANTINED',
    });
  });
});

describe('The client in an app that errs', () => {
  it('refuses variables that cannot be sent, at once', async () => {
    const { client, sent } = clientOf(() => ({ data: {} }));
    const counted = document<object, { n: unknown }>('query ($n: Int) { me { id } }');
    expect(await failureOf(client.request(counted, { n: 1n }))).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(sent).toEqual([]);
  });

  it('says at once that there is no WebSocket to hear by, before an upload sends anything', async () => {
    const { WebSocket: its } = globalThis;
    Object.assign(globalThis, { WebSocket: undefined });
    const { client, sent } = clientOf(() => ({ data: null }));
    const failures = [
      await failureOf(client.upload(new Blob(['x'], { type: 'image/jpeg' }))),
      await failureOf(client.notifications().next()),
    ];
    Object.assign(globalThis, { WebSocket: its });
    const expected = expect.objectContaining({ code: 'NO_WEBSOCKET', retryable: false }) as unknown;
    expect([failures, sent]).toEqual([[expected, expected], []]);
  });

  it('throws what the storage of its tokens throws, at once and unchanged', async () => {
    const locked = new Error('The key ring is locked.');
    let asked = 0;
    const get = () => {
      asked++;
      throw locked;
    };
    const { client } = clientOf(() => ({ data: {} }), { tokens: { get, set: () => undefined } });
    expect(await failureOf(client.request(me))).toBe(locked);
    expect(asked).toBe(1);
  });

  it('works in a page whose storage the browser forbids', async () => {
    const forbidden = {
      get: () => {
        throw new Error('SecurityError');
      },
      configurable: true,
    };
    Object.defineProperty(globalThis, 'document', { value: {}, configurable: true });
    Object.defineProperty(globalThis, 'localStorage', forbidden);
    try {
      const client = createClient({ url: 'http://api.test' });
      expect(await client.session.isSignedIn()).toBe(false);
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
      Reflect.deleteProperty(globalThis, 'localStorage');
    }
  });
});
