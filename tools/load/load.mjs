// `npm run load -- --url http://localhost:8000 --rate 50 --minutes 5`: the mix of an ordinary day at any deployment. See docs/load.md.
import { printFailure } from '../stack/errors.mjs';
import { prepare } from '../stack/install.mjs';

const log = (line) => console.error(`  ${line}`);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop.abort());

try {
  await prepare(log);
  const { runLoad } = await import('../../dist/tools/load/src/main.js');
  process.exitCode = await runLoad(process.argv.slice(2), { signal: stop.signal, log });
} catch (error) {
  printFailure(error);
  process.exitCode = 2;
}
