import { eventually } from '@fowergram/testing';
import { type LeaseStore, withLease } from '../src/lease.js';

const RULES = { settleMs: 4, renewMs: 2, abandonedMs: 60 };

/** What the tabs of a page share, without Web Locks. */
class Tabs implements LeaseStore {
  readonly values = new Map<string, string>();
  isFull = false;
  writes = 0;
  gone: (() => void)[] = [];
  get = (key: string) => this.values.get(key) ?? null;
  set(key: string, value: string | null): boolean {
    if (this.isFull) return false;
    this.writes++;
    if (value === null) this.values.delete(key);
    else this.values.set(key, value);
    return true;
  }
  onGone(listener: () => void): () => void {
    this.gone.push(listener);
    return () => void (this.gone = this.gone.filter((each) => each !== listener));
  }
}

describe('A lease of tabs without Web Locks', () => {
  it('is held by one at a time, and each has its turn', async () => {
    const tabs = new Tabs();
    let [inside, most, turns] = [0, 0, 0];
    const work = async () => {
      most = Math.max(most, ++inside);
      await Promise.resolve();
      await eventually(() => true);
      inside--;
      turns++;
    };
    await Promise.all(Array.from({ length: 6 }, () => withLease(tabs, 'queue', work, RULES)));
    expect([most, turns, tabs.values.size]).toEqual([1, 6, 0]);
  });

  it('is not taken from a tab that works for longer than one that is gone is waited for', async () => {
    const tabs = new Tabs();
    const order: string[] = [];
    const long = withLease(
      tabs,
      'queue',
      async () => {
        order.push('begun');
        await eventually(() => tabs.writes > 100);
        order.push('done');
      },
      RULES,
    );
    await eventually(() => order.length === 1);
    await Promise.all([long, withLease(tabs, 'queue', async () => order.push('next'), RULES)]);
    expect(order).toEqual(['begun', 'done', 'next']);
  });

  it('of a tab that is gone without a word is taken over', async () => {
    const tabs = new Tabs();
    tabs.values.set('queue lease', 'gone 7');
    expect(await withLease(tabs, 'queue', async () => 'mine', RULES)).toBe('mine');
    expect(tabs.values.size).toBe(0);
  });

  it('ends with its page, and with a failure', async () => {
    const tabs = new Tabs();
    const failing = withLease(
      tabs,
      'queue',
      async () => {
        tabs.gone[0]!();
        expect(tabs.values.size).toBe(0);
        throw new Error('The work failed.');
      },
      RULES,
    );
    await expect(failing).rejects.toThrow('The work failed.');
    expect([tabs.values.size, tabs.gone.length]).toEqual([0, 0]);
  });

  it('keeps nobody back where nothing can be stored', async () => {
    const tabs = new Tabs();
    tabs.isFull = true;
    expect(await withLease(tabs, 'queue', async () => 'mine', RULES)).toBe('mine');
  });
});
