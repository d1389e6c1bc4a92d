import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { restOperation } from '../../gateway/src/rest/rest-operation.js';
import type { RestRoute } from '../../gateway/src/rest/rest-route.types.js';
import { routes } from '../../gateway/src/rest/routes/routes.js';
import { excusedFields, guardedTypes } from '../src/access/excused-fields.js';
import { paths } from '../src/access/paths.js';
import { excusedRoutes } from '../src/access/rest-paths.js';
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

/** The last field on the way of a route that leads to something of a user; undefined for one that leads to nothing of the kind. */
function leadingField(route: RestRoute): string | undefined {
  const { document } = restOperation(route, schema);
  const info = new TypeInfo(schema);
  let found: string | undefined;
  const enter = ({ name }: { name: { value: string } }) => {
    const parent = info.getParentType();
    if (parent && !isWrapper(parent.name) && reaches(getNamedType(info.getType()!)!.name))
      found = `${parent.name}.${name.value}`;
  };
  const operation = document.definitions[0] as OperationDefinitionNode;
  visit(operation, visitWithTypeInfo(info, { Field: enter }));
  return found;
}

describe('A REST route that leads to something of a user', () => {
  const nameOf = ({ method, path }: RestRoute) => `${method} ${path}`;
  const asked = new Set(Object.values(paths).flatMap((ways) => ways.flatMap(({ route }) => route ?? [])));

  it('is a path of the table of who may see what, or is excused with the reason', () => {
    const forgotten = routes.filter((route) => {
      const field = leadingField(route);
      return field && !(field in excusedFields) && !asked.has(nameOf(route)) && !(nameOf(route) in excusedRoutes);
    });
    expect(forgotten.map((route) => `${nameOf(route)}: add it to apps/e2e/src/access/rest-paths.ts`)).toEqual([]);
  });

  it('is served where a path or an excuse names it', () => {
    const served = new Set(routes.map(nameOf));
    expect([...asked, ...Object.keys(excusedRoutes)].filter((route) => !served.has(route))).toEqual([]);
    expect(Object.keys(excusedRoutes).filter((route) => asked.has(route))).toEqual([]);
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
