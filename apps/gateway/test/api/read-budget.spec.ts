import { MAX_PARALLEL_READS, ReadBudget } from '../../src/api/answers/read-budget.js';

describe('What an operation may look up', () => {
  it('is looked up also where one look-up is larger than what may be under way', async () => {
    const budget = new ReadBudget();
    const large = MAX_PARALLEL_READS * 1_000;
    const done = await Promise.all([large, 1, large].map((items) => budget.run(items, async () => items)));
    expect(done).toEqual([large, 1, large]);
  });
});
