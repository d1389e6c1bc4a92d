// `npm run bench`: everything that the bench needs, then the bench. See README.md beside this file.
import { register } from 'node:module';
import { printFailure } from '../stack/errors.mjs';
import { prepare } from '../stack/install.mjs';

const log = (line) => console.error(`  ${line}`);
let interrupted = false;

try {
  const args = process.argv.slice(2);
  await prepare(log);
  register('./source-tools.mjs', import.meta.url);
  const { runBench, stopBench } = await import('../../dist/tools/bench/src/main.js');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      interrupted = true;
      void stopBench().finally(() => process.exit(130));
    });
  }
  process.exitCode = await runBench(args, log);
} catch (error) {
  if (!interrupted) {
    printFailure(error);
    process.exitCode = 1;
  }
}
