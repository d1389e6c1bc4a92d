import { MAX_MUTED_WORDS, mutedWordRpc, type Profile, userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { openWorld, type World } from '../world.js';

describe('A muted word', () => {
  let world: World;
  let ann: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void (ann = await world.user()));

  const add = (text: string, expiresAt?: string | null, idempotencyKey?: string) =>
    world.call(mutedWordRpc.add, { userId: ann.id, text, expiresAt }, idempotencyKey ? { idempotencyKey } : {});
  const texts = async () => (await world.call(mutedWordRpc.list, { userId: ann.id })).map(({ text }) => text);
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

  it('is listed latest first, is announced with all others, and belongs to one user', async () => {
    await add('cat');
    const { list } = await add('#dog', inDays(1));
    expect(await texts()).toEqual(['#dog', 'cat']);
    expect(list.words.map(({ text }) => text)).toEqual(['#dog', 'cat']);
    expect(await world.call(mutedWordRpc.list, { userId: (await world.user()).id })).toEqual([]);
    const announced = (await world.published(userEvent.mutedWordsChanged)).filter(({ userId }) => userId === ann.id);
    expect(announced.at(-1)).toEqual(list);
    expect(announced[0]!.version).toBeLessThan(list.version);
  });

  it('is one word in whatever width and case, and gets the end that was said last', async () => {
    const { word } = await add('Cat', inDays(1));
    const again = await add('ｃａｔ', null);
    expect(again.word).toEqual({ id: word.id, text: 'ｃａｔ', expiresAt: null });
    expect(await texts()).toHaveLength(1);
  });

  it('ends with its time, and by being removed, again without harm, and by nobody else', async () => {
    const { word } = await add('cat');
    await world.call(mutedWordRpc.remove, { userId: (await world.user()).id, id: word.id });
    expect(await texts()).toEqual(['cat']);
    await world.call(mutedWordRpc.remove, { userId: ann.id, id: word.id });
    const { list } = await world.call(mutedWordRpc.remove, { userId: ann.id, id: word.id });
    expect([await texts(), list.words]).toEqual([[], []]);
    await add('dog', inDays(1));
    await world.db.query(`update muted_word set expires_at = now() where user_id = $1`, [ann.id]);
    expect(await texts()).toEqual([]);
    expect((await add('bird')).list.words.map(({ text }) => text)).toEqual(['bird']);
  });

  it.each([
    ['', ['text']],
    ['\u202e\u200b', ['text']],
    ['a\0b', ['text']],
    ['\ud800', ['text']],
    ['x'.repeat(101), ['text']],
    ['x'.repeat(500_000), ['text']],
  ])('that is %j is refused', async (text, path) => {
    await expect(add(text)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path } });
    expect(await texts()).toEqual([]);
  });

  it('whose end is past or no time is refused', async () => {
    await expect(add('cat', inDays(-1))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['expiresAt'], reason: 'NOT_IN_FUTURE' },
    });
    await expect(add('cat', 'tomorrow')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await texts()).toEqual([]);
  });

  it('keeps its direction marks to itself', async () => {
    expect((await add('c\u202eat')).word.text).toBe('cat');
  });

  it(`is one of ${MAX_MUTED_WORDS} at most, also when many are added at once`, async () => {
    const words = Array.from({ length: MAX_MUTED_WORDS + 5 }, (_, index) => add(`word${index}`));
    const refused = (await Promise.allSettled(words)).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(5);
    expect((refused[0] as PromiseRejectedResult).reason).toMatchObject({
      code: 'FORBIDDEN',
      details: { reason: 'MUTED_WORD_LIMIT' },
    });
    expect(await texts()).toHaveLength(MAX_MUTED_WORDS);
  });

  it('is added once per Idempotency-Key', async () => {
    const key = newId();
    const first = await add('cat', null, key);
    await world.call(mutedWordRpc.remove, { userId: ann.id, id: first.word.id });
    expect(await add('cat', null, key)).toEqual(first);
    expect(await texts()).toEqual([]);
  });
});
