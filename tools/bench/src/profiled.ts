// Loaded into a service by `node --import` for one bench run: SIGUSR2 starts a CPU profile, the next one ends and writes it.
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { isMainThread } from 'node:worker_threads';

const SAMPLE_EVERY_MICROSECONDS = 250;
const file = process.env.BENCH_PROFILE;

if (file && isMainThread) {
  let session: Session | undefined;
  const start = async () => {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_MICROSECONDS });
    await session.post('Profiler.start');
  };
  const stop = async (running: Session) => {
    const { profile } = await running.post('Profiler.stop');
    running.disconnect();
    writeFileSync(`${file}.new`, JSON.stringify(profile));
    renameSync(`${file}.new`, file);
  };
  process.on('SIGUSR2', () => void (session ? stop(session) : start()));
}
