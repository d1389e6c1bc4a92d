import { Tally } from '../src/tally.js';

describe('The tally of a load', () => {
  it('says how long the slowest hundredth of an operation took, apart from all others', () => {
    const tally = new Tally(() => 0.5);
    for (let ms = 1; ms <= 100; ms++) tally.answered('homeFeed', ms);
    tally.answered('likePost', 7);
    expect(tally.figures()).toEqual([
      { operation: 'homeFeed', answered: 100, failed: {}, p50: 50, p90: 90, p99: 99, max: 100 },
      { operation: 'likePost', answered: 1, failed: {}, p50: 7, p90: 7, p99: 7, max: 7 },
    ]);
  });

  it('counts against availability what the deployment failed at, and not what a limit refused', () => {
    const tally = new Tally();
    for (let index = 0; index < 8; index++) tally.answered('homeFeed', 1);
    tally.failed('homeFeed', 'RATE_LIMITED');
    expect(tally.available).toBe(1);
    tally.failed('homeFeed', 'UNAVAILABLE');
    tally.failed('likePost', 'NETWORK');
    expect(tally.available).toBe(0.8);
  });

  it('keeps a sample of bounded size, and all of what is wrong as a number', () => {
    const tally = new Tally(() => 0);
    for (let index = 0; index < 30_000; index++) tally.answered('homeFeed', index);
    for (let index = 0; index < 100; index++) tally.isWrong(`${index}`);
    expect(tally.figures()[0]).toMatchObject({ answered: 30_000, max: 29_999 });
    expect(tally).toMatchObject({ wrongCount: 100, wrong: { length: 20 } });
  });
});
