import { jest } from '@jest/globals';
import { eventually } from '@fowergram/testing';
import { document, type QueueEntry, type QueueEvent } from '../src/index.js';
import { type Answering, clientOf } from './fake-api.js';

const A_DAY_MS = 86_400_000;
const KEY = 'fowergram.queue.1 u1';
const LIKE = document<unknown, { postId: string }>('mutation Like($postId: ID!) { likePost(postId: $postId) { id } }');
const CLAP = document<unknown, { postId: string }>('mutation Clap($postId: ID!) { applaud(postId: $postId) { id } }');

/** A storage of so many characters. */
class Storage {
  readonly values = new Map<string, string>();
  limit = Infinity;
  isBroken = false;
  getItem(key: string): string | null {
    if (this.isBroken) throw new Error('InvalidStateError');
    return this.values.get(key) ?? null;
  }
  async setItem(key: string, value: string): Promise<void> {
    if (value.length > this.limit) throw Object.assign(new Error('Full'), { name: 'QuotaExceededError' });
    this.values.set(key, value);
  }
  /** Takes not one character more than it has. */
  fill(): void {
    this.limit = this.values.get(KEY)!.length;
  }
}

/** A queue at a server that can be away, and refuses what it does not know. */
function opened(storage = new Storage()) {
  const network = { isAway: true };
  const answering: Answering = ({ query }) => {
    if (network.isAway) throw new TypeError('fetch failed');
    if (query.includes('me')) return { data: { me: { id: 'u1' } } };
    if (query.includes('applaud'))
      return new Response('{"errors":[{"message":"Unknown","extensions":{"code":"BAD_USER_INPUT"}}]}', { status: 400 });
    return { data: { likePost: { id: '1' } } };
  };
  const { client, sent } = clientOf(answering);
  const events: QueueEvent[] = [];
  const queue = client.queue({ storage, userId: 'u1', onEvent: (event) => events.push(event) });
  return { queue, storage, events, network, mutations: () => sent.filter(({ key }) => key).map(({ query }) => query) };
}

describe('A queue whose storage is full', () => {
  it('takes nothing more and says so, and still sends everything that it had taken', async () => {
    const { queue, storage, network, events } = opened();
    await queue.add(LIKE, { postId: '1' });
    await queue.add(LIKE, { postId: '2' });
    storage.fill();
    await expect(queue.add(LIKE, { postId: '3' })).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect((await queue.list()).map(({ variables }) => variables)).toEqual([{ postId: '1' }, { postId: '2' }]);
    network.isAway = false;
    await eventually(() => events.length === 2);
    expect(events).toMatchObject([{ kind: 'SENT' }, { kind: 'SENT' }]);
    queue.close();
  });

  it('writes down when something was sent, and keeps in memory why it failed', async () => {
    const { queue, storage, network, events } = opened();
    const id = await queue.add(CLAP, { postId: '1' });
    await queue.add(LIKE, { postId: '2' });
    storage.fill();
    network.isAway = false;
    await eventually(() => events.length === 2);
    expect(events).toMatchObject([{ kind: 'FAILED', id }, { kind: 'SENT' }]);
    expect(await queue.list()).toMatchObject([{ id, state: 'FAILED', error: { code: 'BAD_USER_INPUT' } }]);
    const [stored] = JSON.parse(storage.values.get(KEY)!) as QueueEntry[];
    expect(stored!.sentAt).toBeGreaterThan(0);
    await queue.retry(id);
    await eventually(() => events.length === 3);
    queue.close();
  });

  it('that cannot be read is an error of the client, and is read again later', async () => {
    const { queue, storage, network, events } = opened();
    storage.isBroken = true;
    await expect(queue.list()).rejects.toMatchObject({ code: 'STORAGE_UNREADABLE' });
    await expect(queue.add(LIKE, { postId: '1' })).rejects.toMatchObject({ code: 'STORAGE_UNREADABLE' });
    storage.isBroken = network.isAway = false;
    await queue.add(LIKE, { postId: '1' });
    await eventually(() => events.length === 1);
    queue.close();
  });
});

describe('A queue on a device whose clock is wrong', () => {
  afterEach(() => jest.restoreAllMocks());
  const setClock = (wrongByMs: number) => {
    jest.restoreAllMocks();
    const { now } = Date;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + wrongByMs);
  };

  it.each([
    ['ahead', A_DAY_MS],
    ['behind', -A_DAY_MS],
  ])('a day %s all the time sends everything once', async (_where, wrongByMs) => {
    setClock(wrongByMs);
    const { queue, network, events, mutations } = opened();
    await queue.add(LIKE, { postId: '1' });
    network.isAway = false;
    await eventually(() => events.length === 1);
    expect([events[0]!.kind, mutations().length]).toEqual(['SENT', 1]);
    queue.close();
  });

  it.each([
    ['forward', A_DAY_MS],
    ['back', -A_DAY_MS],
  ])('and is put %s by a day after the sending gives the mutation back, and loses nothing', async (_where, byMs) => {
    const first = opened();
    await first.queue.add(LIKE, { postId: '1' });
    first.queue.close();
    const [entry] = JSON.parse(first.storage.values.get(KEY)!) as QueueEntry[];
    first.storage.values.set(KEY, JSON.stringify([{ ...entry, sentAt: Date.now() }]));
    setClock(byMs);
    const { queue, network, events, mutations } = opened(first.storage);
    network.isAway = false;
    await eventually(() => events.length === 1);
    expect(events).toMatchObject([{ kind: 'FAILED', error: { code: 'OUTCOME_UNKNOWN' } }]);
    expect(mutations()).toEqual([]);
    expect(await queue.list()).toMatchObject([{ variables: { postId: '1' }, state: 'FAILED' }]);
    await queue.retry(entry!.id);
    await eventually(() => events.length === 2);
    expect(events[1]!.kind).toBe('SENT');
    queue.close();
  });
});
