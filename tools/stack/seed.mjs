// `npm run seed -- --people 100000 --posts 1000000 --likes 10000000 --seed 1`: fills the stack that `npm start` runs with a crowd.
import { parseArgs } from 'node:util';
import { databases } from './credentials.mjs';
import { currentStack } from './current.mjs';
import { printFailure, StackError } from './errors.mjs';
import { prepare } from './install.mjs';
import { serviceUrl } from './migrate.mjs';

const defaults = { '--people': 1_000, '--posts': 10_000, '--likes': 100_000, '--seed': 1 };
const options = Object.fromEntries(Object.keys(defaults).map((name) => [name.slice(2), { type: 'string' }]));

function readNumbers(args) {
  const { values } = parseArgs({ args, options });
  return Object.entries(defaults).map(([name, usual]) => {
    const number = Number(values[name.slice(2)] ?? usual);
    if (Number.isSafeInteger(number) && number > 0) return number;
    throw new StackError(
      `${name} is "${values[name.slice(2)]}", which is no number of something.`,
      'Use: npm run seed -- --posts 1000',
    );
  });
}

async function main(args) {
  if (process.env.ENVIRONMENT === 'production')
    throw new StackError('A crowd of made-up users is not for production.', 'Seed a stack of your own: npm start');
  const [users, posts, likes, seed] = readNumbers(args);
  if (likes > posts * (users - 1))
    throw new StackError(
      `${users} can give ${posts} posts ${posts * (users - 1)} likes at most.`,
      'Ask for fewer likes, or for more posts.',
    );
  const { adminUrl, passwords } = currentStack();
  await prepare((line) => console.error(`  ${line}`));
  const { seedCrowd } = await import('../../dist/apps/e2e/src/seed/crowd.js');
  const urls = Object.fromEntries(databases.map((name) => [name, serviceUrl(adminUrl, name, passwords[name])]));
  const { rows, seconds } = await seedCrowd({ users, posts, likes, seed, adminUrl, databases: urls, say: console.log });
  console.log(
    `${rows.toLocaleString('en')} rows in ${seconds.toFixed(0)} s, ${Math.round(rows / seconds).toLocaleString('en')} a second`,
  );
}

main(process.argv.slice(2)).catch((error) => {
  if (error.code === '23505') error = new StackError('This crowd is there already.', 'Use another --seed for more.');
  printFailure(error);
  process.exitCode = 1;
});
