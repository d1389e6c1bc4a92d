import { AppError } from '@fowergram/contracts-core';
import { withEnvelope } from '@fowergram/messaging';
import { KeyedBatches } from '../src/notifications/keyed-batches.js';

/** Work that ends when the test says so. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('KeyedBatches', () => {
  it('takes together what comes together, and makes what comes meanwhile the next batch, in its order', async () => {
    const taken: string[][] = [];
    const { open, opened } = gate();
    const batches = new KeyedBatches<string>((batch) => {
      taken.push(batch);
      return opened;
    });
    const first = [batches.add('ann', 'a'), batches.add('ann', 'b')];
    await Promise.resolve();
    const second = [batches.add('ann', 'c'), batches.add('ann', 'd')];
    expect(taken).toEqual([['a', 'b']]);
    open();
    await Promise.all([...first, ...second]);
    expect(taken).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('fails the one item that cannot be processed and does the others', async () => {
    const done: string[] = [];
    const batches = new KeyedBatches<string>(async (batch) => {
      if (batch.includes('bad')) throw new Error('cannot digest');
      done.push(...batch);
    });
    const ends = await Promise.allSettled(['a', 'bad', 'b'].map((item) => batches.add('ann', item)));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(done).toEqual(['a', 'b']);
  });

  it('fails all of a batch at once when the store is out of reach, and goes on afterwards', async () => {
    let tries = 0;
    const batches = new KeyedBatches<string>(async () => {
      if (++tries === 1) throw new AppError('UNAVAILABLE', 'not now');
    });
    const ends = await Promise.allSettled(['a', 'b', 'c'].map((item) => batches.add('ann', item)));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tries).toBe(1);
    await batches.add('ann', 'd');
  });

  it('fails what waited so long that it is being delivered again', async () => {
    const done: string[] = [];
    const batches = new KeyedBatches<string>(async (batch) => void done.push(...batch));
    const late = withEnvelope({ correlationId: 'c', deadlineAt: Date.now() - 1 }, () => batches.add('ann', 'late'));
    await Promise.all([batches.add('ann', 'in time'), expect(late).rejects.toMatchObject({ code: 'UNAVAILABLE' })]);
    expect(done).toEqual(['in time']);
  });
});
