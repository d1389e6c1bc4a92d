import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { MAX_UPLOAD_BYTES } from '@fowergram/contracts-media';
import { MAX_CAPTION_LENGTH, MAX_MEDIA_PER_POST } from '@fowergram/contracts-post';
import { readSchema } from '../../src/print-schema.js';
import { openapiText } from '../../src/rest/rest-catalogue.js';
import { routes } from '../../src/rest/routes/routes.js';

const committed = readFileSync('apps/gateway/openapi.json', 'utf8');
const document = JSON.parse(committed) as Document;
const page = readFileSync('docs/rest.md', 'utf8');

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean;
}
type Content = Record<string, { schema: Schema; example?: unknown; examples?: unknown }>;
interface Document {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        parameters: { $ref?: string; name: string; schema?: Schema; example?: unknown }[];
        requestBody?: { content: Content };
        responses: Record<string, { content?: Content }>;
      }
    >
  >;
}

/** The places in a schema at which a client could send any amount. */
function unbounded(schema: Schema, place: string): string[] {
  const is = (type: string) => [schema.type].flat().includes(type);
  const inside = [
    ...(schema.items ? unbounded(schema.items, `${place}[]`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) => unbounded(each, `${place}.${name}`)),
  ];
  const isOpen =
    (is('string') && schema.enum === undefined && schema.maxLength === undefined) ||
    (is('array') && schema.maxItems === undefined) ||
    ((is('integer') || is('number')) && (schema.minimum === undefined || schema.maximum === undefined)) ||
    (is('object') && schema.additionalProperties !== false);
  return isOpen ? [place, ...inside] : inside;
}

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

describe('What openapi.json takes', () => {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );
  const inputs = operations.flatMap(({ name, operation }) => [
    ...operation.parameters.flatMap(({ name: parameter, schema }) =>
      schema ? [{ place: `${name} ${parameter}`, schema }] : [],
    ),
    ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => ({ place: name, schema })),
  ]);

  it('has a bound on each text, list and number, and nothing beside what it names', () => {
    expect(inputs.flatMap(({ place, schema }) => unbounded(schema, place))).toEqual([]);
  });

  it('is bounded as the contracts are', () => {
    const bodyOf = (id: string) =>
      operations.find(({ operation }) => operation.operationId === id)!.operation.requestBody!.content[
        'application/json'
      ]!.schema.properties!;
    const { caption, mediaIds } = bodyOf('createPost');
    expect(caption!.maxLength).toBe(MAX_CAPTION_LENGTH);
    expect([mediaIds!.minItems, mediaIds!.maxItems]).toEqual([1, MAX_MEDIA_PER_POST]);
    expect(mediaIds!.items!.pattern).toMatch(/^\^media_/);
    expect(bodyOf('createMediaUpload')['byteSize']).toMatchObject({ minimum: 1, maximum: MAX_UPLOAD_BYTES });
    expect(bodyOf('updateProfile')['username']).toMatchObject({ minLength: 3, maxLength: 30 });
  });

  it('has an example of each request, and of each answer', () => {
    const without = operations.filter(({ operation: { parameters, requestBody, responses } }) => {
      const bodies = Object.values(requestBody?.content ?? {});
      const answers = Object.values(responses).flatMap(({ content }) => Object.values(content ?? {}));
      return (
        parameters.some(({ $ref, example }) => !$ref && example === undefined) ||
        bodies.some(({ example }) => example === undefined) ||
        answers.some(({ example, examples }) => example === undefined && examples === undefined)
      );
    });
    expect(without.map(({ name }) => name)).toEqual([]);
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
