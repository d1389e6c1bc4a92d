import { LiveStream } from '../../src/realtime/live-stream.js';

/** An owner that has numbers, and a stream that has read so far. */
function streamOf(owned: number[]) {
  let last = 0;
  let release: (() => void) | undefined;
  const stream = new LiveStream<number>({
    read: async () => {
      const items = owned.filter((item) => item > last);
      last = Math.max(last, ...items);
      if (release === undefined) await new Promise<void>((resolve) => void (release = resolve));
      return { items };
    },
    rewind: (first) => void (last = first - 1),
    stop: () => undefined,
  });
  return { stream, remove: (item: number) => owned.splice(owned.indexOf(item), 1), release: () => release!() };
}

describe('a live stream whose owner shows less than before', () => {
  it('passes on nothing of what was read before and is shown no more', async () => {
    const { stream, remove, release } = streamOf([1, 2, 3]);
    stream.invalidate();
    const first = stream.next();
    remove(1);
    stream.reread();
    release();
    expect(await first).toEqual({ value: 2, done: false });
    remove(3);
    stream.reread();
    stream.push(4);
    expect(await stream.next()).toEqual({ value: 4, done: false });
  });

  it('passes on everything else once, and in its order', async () => {
    const { stream, release } = streamOf([1, 2, 3]);
    stream.invalidate();
    const first = stream.next();
    release();
    expect(await first).toMatchObject({ value: 1 });
    stream.reread();
    expect([await stream.next(), await stream.next()]).toMatchObject([{ value: 2 }, { value: 3 }]);
  });
});
