import { readdirSync, readFileSync } from 'node:fs';

/** The differences from the real core in docs/auth-core-rows.md, and the tests that hold them. */
const folder = new URL('.', import.meta.url);
const page = readFileSync(new URL('../../../docs/auth-core-rows.md', folder), 'utf8');
const [, held, left] = page.split(/^## (?:Held|Not held)$/m) as [string, string, string];

function rowsOf(table: string): string[][] {
  return [...table.matchAll(/^\| (\d+) \|(.*)\|$/gm)].map(([, row, cells]) => [row!, ...cells!.split(/ \| /)]);
}
const numbersOf = (table: string) => rowsOf(table).map(([row]) => Number(row));

const testedRows = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith('.spec.ts') && name !== 'rows.spec.ts')
    .flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/\(rows? ([\d, ]+)\)['"`]/g)])
    .flatMap(([, rows]) => rows!.split(',').map(Number)),
);

describe('the differences from the real core', () => {
  it('are 46, each in one table', () => {
    const all = [...numbersOf(held), ...numbersOf(left)].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 46 }, (_, index) => index + 1));
  });

  it('are each held by a test that names its row, or not held and say why', () => {
    expect([...testedRows].sort((a, b) => a - b)).toEqual(numbersOf(held));
    for (const cells of [...rowsOf(held), ...rowsOf(left)]) {
      expect(cells).toHaveLength(3);
      for (const cell of cells.slice(1)) expect(cell.trim().length).toBeGreaterThan(8);
    }
  });
});
