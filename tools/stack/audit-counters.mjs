// `npm run audit:counters [-- --repair]`: the audit of all services' counters, on the stack that `npm start` runs.
import { audit, hasCounters } from '../docker/counters.mjs';
import { databases } from './credentials.mjs';
import { currentStack } from './current.mjs';
import { printFailure, StackError } from './errors.mjs';
import { prepare } from './install.mjs';
import { serviceUrl } from './migrate.mjs';

async function main(args) {
  if (args.some((arg) => arg !== '--repair'))
    throw new StackError(`The audit does not know ${args.join(' ')}.`, 'Use: npm run audit:counters [-- --repair]');
  const { adminUrl, passwords } = currentStack();
  await prepare((line) => console.error(`  ${line}`));
  let isWrong = false;
  for (const service of databases.filter(hasCounters)) {
    const url = serviceUrl(adminUrl, service, passwords[service]);
    isWrong = (await audit({ service, url, repair: args.includes('--repair') })) || isWrong;
  }
  process.exitCode = isWrong ? 1 : 0;
}

main(process.argv.slice(2)).catch((error) => {
  printFailure(error);
  process.exitCode = 1;
});
