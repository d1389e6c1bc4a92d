import { readFileSync } from 'node:fs';
import { errorCatalogue } from '@fowergram/contracts-core';

it('documents every error code with its status, and no other', () => {
  const table = readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \| (\d{3}) \|/gm);
  expect(Object.fromEntries([...table].map(([, code, status]) => [code, Number(status)]))).toEqual(errorCatalogue);
});
