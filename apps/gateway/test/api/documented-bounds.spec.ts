import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARSE_OPTIONS } from '../../src/api/documents/documents.service.js';
import { SHAPE } from '../../src/api/documents/shape.rules.js';

const API = join(import.meta.dirname, '../../src/api');
const SOURCES = [
  ...['documents', 'answers'].flatMap((folder) => readdirSync(join(API, folder)).map((file) => join(folder, file))),
  'engine-options.ts',
  'errors.ts',
  'graphql.routes.ts',
  'serve-operation.ts',
  '../../../../libs/contracts/core/src/page.ts',
];
const CONSTANT = /^(?:export )?const ([A-Z_]+) = ([\d_ *]+);/gm;
const ROW = /^\| `([\w.]+)` \| ([\d,]+) \| .{10,} \|$/gm;

const product = (text: string) =>
  text.split('*').reduce((value, factor) => value * Number(factor.replaceAll('_', '')), 1);

/** Every bound of the folders that check documents and answers, as the code has it. */
function boundsInCode(): Record<string, number> {
  const constants = SOURCES.flatMap((file) => [...readFileSync(join(API, file), 'utf8').matchAll(CONSTANT)]);
  return {
    ...Object.fromEntries(constants.map(([, name, value]) => [name!, product(value!)])),
    ...Object.fromEntries(Object.entries(SHAPE).map(([name, value]) => [`SHAPE.${name}`, value])),
    'PARSE_OPTIONS.maxTokens': PARSE_OPTIONS.maxTokens,
  };
}

describe('The section on documents of docs/limits.md', () => {
  it('has every bound of the code with its number and a reason, and no other', () => {
    const docs = readFileSync('docs/limits.md', 'utf8');
    const section = docs.slice(docs.indexOf('## Documents')).split(/^## (?!Documents)/m)[0]!;
    const rows = [...section.matchAll(ROW)].map(([, name, value]) => [name, Number(value!.replaceAll(',', ''))]);
    expect(Object.fromEntries(rows)).toEqual(boundsInCode());
  });
});
