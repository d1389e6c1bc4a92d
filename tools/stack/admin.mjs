// `npm run admin -- <command>`: the command fowergram on the stack that `npm start` runs.
import { join } from 'node:path';
import { currentStack, developmentData } from './current.mjs';
import { printFailure, StackError } from './errors.mjs';
import { readJson } from './files.mjs';
import { prepare } from './install.mjs';

async function main(args) {
  const { state } = currentStack();
  if (!state.nats) throw new StackError('This stack was started by an earlier version.', 'Start it anew: npm start');
  const { authCore } = readJson(join(developmentData, 'credentials.json'));
  await prepare((line) => console.error(`  ${line}`));
  const { run } = await import('../../dist/tools/admin/src/run.js');
  const env = {
    OPERATOR_NATS_URL: state.nats,
    SUPERTOKENS_CONNECTION_URI: state.authCore,
    SUPERTOKENS_API_KEY: authCore,
  };
  process.exitCode = await run(args, env, { out: console.log, error: console.error });
}

main(process.argv.slice(2)).catch((error) => {
  printFailure(error);
  process.exitCode = 1;
});
