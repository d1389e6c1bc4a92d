import { readFileSync } from 'node:fs';
import type { Bound } from '../../src/limits/bounds.js';
import { overloadBounds } from '../../src/overload/overload.config.js';
import { socketBounds } from '../../src/sockets/socket-limits.config.js';

const docs = readFileSync('docs/limits.md', 'utf8');

describe('docs/limits.md', () => {
  it.each<[string, Record<string, Bound>]>([
    ['Sockets', socketBounds],
    ['Overload', overloadBounds],
  ])('has every bound of %s with its reason, and no other', (title, bounds) => {
    const section = docs.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!;
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(
      Object.entries(bounds).map(
        ([name, { value, because }]) => `| \`${name}\` | ${value.toLocaleString('en')} | ${because} |`,
      ),
    );
  });
});
