import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { readSchema } from '../../src/print-schema.js';
import { openapiText } from '../../src/rest/rest-catalogue.js';
import { routes } from '../../src/rest/routes/routes.js';

const committed = readFileSync('apps/gateway/openapi.json', 'utf8');
const page = readFileSync('docs/rest.md', 'utf8');

describe('apps/gateway/openapi.json', () => {
  it('is what the code serves', async () => {
    expect(committed).toBe(openapiText(await readSchema()));
  });

  it('names each operation once, and no two of them alike', () => {
    const ids = routes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const addresses = routes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });
});

describe('docs/rest.md', () => {
  const rows = [...page.matchAll(/^\| `(\w+\.\w+)` \| (.+?) \|$/gm)].map(([, field, cell]) => ({
    field: field!,
    cell: cell!,
  }));
  const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));
  const fieldsOf = (type: 'Query' | 'Mutation') =>
    Object.keys((type === 'Query' ? schema.getQueryType() : schema.getMutationType())!.getFields()).map(
      (name) => `${type}.${name}`,
    );

  it('has every query and mutation once, with its routes or with the reason why there is none', () => {
    expect(rows.map(({ field }) => field).sort()).toEqual([...fieldsOf('Query'), ...fieldsOf('Mutation')].sort());
    const unexplained = rows.filter(
      ({ cell }) => !/^`(?:GET|POST|PUT|PATCH|DELETE) \//.test(cell) && !/^none: \S/.test(cell),
    );
    expect(unexplained).toEqual([]);
  });

  it('leads to the routes that there are, and to all of them', () => {
    const listed = rows.flatMap(({ field, cell }) =>
      [...cell.matchAll(/`([A-Z]+ \/[^`]*)`/g)].map(([, address]) => `${address} → ${field}`),
    );
    const served = routes.map(({ method, path, document }) => {
      const isMutation = document.startsWith('mutation');
      const [, name] = /^[^{]*\{\s*(\w+)/.exec(document)!;
      return `${method} ${path} → ${isMutation ? 'Mutation' : 'Query'}.${name}`;
    });
    expect(listed.sort()).toEqual(served.sort());
  });
});
