import { CoalescingRunner } from '../src/index.js';

describe('a coalescing runner', () => {
  let runs: { signal: AbortSignal; end: () => void; fail: (error: Error) => void }[];
  let failures: unknown[];
  let runner: CoalescingRunner;

  beforeEach(() => {
    runs = [];
    failures = [];
    runner = new CoalescingRunner(
      (signal) => new Promise<void>((end, fail) => runs.push({ signal, end, fail })),
      (error) => failures.push(error),
    );
  });

  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('makes one further run of all triggers that come during a run', async () => {
    runner.trigger();
    runner.trigger();
    runner.trigger();
    expect(runs).toHaveLength(1);
    runs[0]!.end();
    await turn();
    expect(runs).toHaveLength(2);
    runs[1]!.end();
    await runner.idle();
    expect(runs).toHaveLength(2);
  });

  it('is idle only after the further run', async () => {
    let isIdle = false;
    runner.trigger();
    runner.trigger();
    void runner.idle().then(() => (isIdle = true));
    runs[0]!.end();
    await turn();
    expect(isIdle).toBe(false);
    runs[1]!.end();
    await turn();
    expect(isIdle).toBe(true);
  });

  it('reports a failure and runs again when it is triggered', async () => {
    runner.trigger();
    runner.trigger();
    runs[0]!.fail(new Error('not yet'));
    await turn();
    expect(failures).toEqual([new Error('not yet')]);
    expect(runs).toHaveLength(2);
    runs[1]!.end();
    await runner.idle();
  });

  it('stops after the run under way, which hears of it, and never runs again', async () => {
    runner.trigger();
    runner.trigger();
    const stopped = runner.stop();
    expect(runs[0]!.signal.aborted).toBe(true);
    runs[0]!.end();
    await stopped;
    runner.trigger();
    await runner.idle();
    expect(runs).toHaveLength(1);
  });
});
