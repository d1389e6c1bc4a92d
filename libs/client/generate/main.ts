import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { operationsText } from './operations.js';

const FILE = 'libs/client/src/generated/operations.ts';
const FOLDER = 'libs/client/operations';

/** What the generated file should be, from the files of the working directory. */
export function freshText(): string {
  const sources = readdirSync(FOLDER)
    .sort()
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'));
  return operationsText(buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8')), sources.join('\n'));
}

function main(): void {
  const text = freshText();
  if (!process.argv.includes('--check')) return writeFileSync(FILE, text);
  if (existsSync(FILE) && readFileSync(FILE, 'utf8') === text) return;
  console.error(`${FILE} is not fresh: run npm run generate and commit the change.`);
  process.exitCode = 1;
}

if (process.argv[1]?.endsWith('libs/client/generate/main.js')) main();
