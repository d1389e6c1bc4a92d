import { AppError } from '@fowergram/contracts-core';
import { withEnvelope } from '@fowergram/messaging';
import { Lanes } from './lanes.js';

/** Work that ends when the test says so. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('lanes', () => {
  it('take together what comes together, and make what comes meanwhile the next batch, in its order', async () => {
    const batches: string[][] = [];
    const { open, opened } = gate();
    const lanes = new Lanes<string>((batch) => {
      batches.push(batch);
      return opened;
    });
    const first = [lanes.add('ann', 'a'), lanes.add('ann', 'b')];
    await Promise.resolve();
    const second = [lanes.add('ann', 'c'), lanes.add('ann', 'd')];
    expect(batches).toEqual([['a', 'b']]);
    open();
    await Promise.all([...first, ...second]);
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('fail the one item that is at fault and do the others', async () => {
    const done: string[] = [];
    const lanes = new Lanes<string>(async (batch) => {
      if (batch.includes('bad')) throw new Error('cannot digest');
      done.push(...batch);
    });
    const ends = await Promise.allSettled(['a', 'bad', 'b'].map((item) => lanes.add('ann', item)));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(done).toEqual(['a', 'b']);
  });

  it('fail all of a batch at once when the store is out of reach, and go on afterwards', async () => {
    let tries = 0;
    const lanes = new Lanes<string>(async () => {
      if (++tries === 1) throw new AppError('UNAVAILABLE', 'not now');
    });
    const ends = await Promise.allSettled(['a', 'b', 'c'].map((item) => lanes.add('ann', item)));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tries).toBe(1);
    await lanes.add('ann', 'd');
  });

  it('refuse what waited so long that it is being delivered again', async () => {
    const done: string[] = [];
    const lanes = new Lanes<string>(async (batch) => void done.push(...batch));
    const late = withEnvelope({ correlationId: 'c', deadlineAt: Date.now() - 1 }, () => lanes.add('ann', 'late'));
    await Promise.all([lanes.add('ann', 'in time'), expect(late).rejects.toMatchObject({ code: 'UNAVAILABLE' })]);
    expect(done).toEqual(['in time']);
  });
});
