// `npm run fuzz -- --seed 7 --count 200 --first 100`: the fuzzer alone, with the documents of a seed that are wanted.
import { parseArgs } from 'node:util';

const number = { type: 'string' };
const { values } = parseArgs({ options: { seed: number, count: number, first: number } });
for (const [name, value] of Object.entries(values)) process.env[`FUZZ_${name.toUpperCase()}`] = value;
process.argv.splice(2, Infinity, '--drills', 'apps/e2e/drills/fuzz');
await import('./test.mjs');
