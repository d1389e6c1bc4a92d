import { one } from '../src/index.js';

describe('one', () => {
  it('returns the only row', () => {
    expect(one([{ id: 1 }])).toEqual({ id: 1 });
  });

  it.each([
    { rows: [], count: 0 },
    { rows: [{ id: 1 }, { id: 2 }], count: 2 },
  ])('throws when there are $count rows', ({ rows, count }) => {
    expect(() => one<unknown>(rows)).toThrow(`has returned ${count}`);
  });
});
