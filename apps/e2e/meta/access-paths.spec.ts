import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import { excusedFields, guardedTypes } from '../src/access/excused-fields.js';
import { paths } from '../src/access/paths.js';
import { accessTableAsMarkdown } from '../src/access/table.js';

const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));

/** Types that hold a guarded object and are nothing but its list. */
const isWrapper = (name: string) => /(Connection|Edge)$/.test(name);

function reaches(name: string): boolean {
  if (guardedTypes.includes(name)) return true;
  const type = schema.getType(name);
  if (!isWrapper(name) || !isObjectType(type)) return false;
  return Object.values(type.getFields()).some((field) => reaches(getNamedType(field.type).name));
}

/** Every field through which something of a user is reached. */
const leading = Object.values(schema.getTypeMap()).flatMap((type) => {
  if (!(isObjectType(type) || isInterfaceType(type)) || isWrapper(type.name)) return [];
  const fields = Object.values(type.getFields()).filter((field) => reaches(getNamedType(field.type).name));
  return fields.map((field) => `${type.name}.${field.name}`);
});

describe('A field that leads to something of a user', () => {
  const asked = new Set(Object.values(paths).flatMap((ways) => ways.flatMap(({ fields }) => fields)));

  it('is a path of the table of who may see what, or is excused with the reason', () => {
    const forgotten = leading.filter((field) => !asked.has(field) && !(field in excusedFields));
    expect(
      forgotten.map((field) => `${field}: add it to apps/e2e/src/access/paths.ts, for every object that it leads to`),
    ).toEqual([]);
  });

  it('is in the schema where a path or an excuse names it', () => {
    const all = new Set(
      Object.values(schema.getTypeMap()).flatMap((type) =>
        isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
      ),
    );
    expect([...asked, ...Object.keys(excusedFields)].filter((field) => !all.has(field))).toEqual([]);
    expect(Object.keys(excusedFields).filter((field) => asked.has(field))).toEqual([]);
  });
});

describe('docs/privacy.md', () => {
  it('shows the table that the test asks', () => {
    const page = readFileSync('docs/privacy.md', 'utf8');
    const [, shown] = /<!-- table: generated[^>]*-->\n([\s\S]*?)<!-- table: end -->/.exec(page) ?? [];
    const cellsOf = (table: string) =>
      table
        .trim()
        .split('\n')
        .map((line) => line.split('|').map((cell) => cell.trim()));
    const withoutRule = (table: string) => cellsOf(table).filter((cells) => !cells.every((cell) => /^-*$/.test(cell)));
    expect(withoutRule(shown!)).toEqual(withoutRule(accessTableAsMarkdown()));
  });
});
