import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The code blocks of a page of docs that are marked with a name, such as ```js web, in their order and as one text. */
export function snippets(page: string, name: string): string {
  const text = readFileSync(join(import.meta.dirname, '../../..', 'docs', page), 'utf8');
  const blocks = [...text.matchAll(/^```(?:js|sh|graphql) (\S+)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === name)
    .map((match) => match[2]!);
  if (blocks.length === 0) throw new Error(`docs/${page} has no code that is marked ${name}`);
  return blocks.join('\n');
}
