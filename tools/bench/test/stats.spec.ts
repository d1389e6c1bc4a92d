import { median, percentile, ratios, spread } from '../src/stats.js';

describe('statistics of rounds', () => {
  it('takes the value below which the share lies', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('takes the middle of an odd and between the two middles of an even number of values', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 3])).toBe(4);
    expect(median([])).toBeNaN();
  });

  it('leaves its input in order', () => {
    const values = [3, 1, 2];
    spread(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('divides round by round, so that a slow minute which hits both sides changes nothing', () => {
    expect(spread(ratios([100, 50], [400, 200]))).toEqual({ median: 0.25, min: 0.25, max: 0.25 });
  });
});
