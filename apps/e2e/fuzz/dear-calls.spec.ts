import { leastCpuMs } from './dear-calls.js';

describe('What a call of the fuzzer costs', () => {
  const rounds = (...measured: number[][]) => leastCpuMs(() => Promise.resolve(measured.shift()!));

  it('is dear when the same call of every round is', async () => {
    expect(await rounds([5, 130, 5, 5], [5, 120, 5, 5], [5, 140, 5, 5])).toBe(120);
  });

  it('is not dear when another call of each round met a garbage collection', async () => {
    expect(await rounds([5, 130, 7, 6], [180, 20, 5, 5])).toBe(20);
  });

  it('is looked for in three rounds at most', async () => {
    expect(await rounds([5, 130], [5, 120], [5, 90])).toBe(90);
  });
});
