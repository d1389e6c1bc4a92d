import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { buildSchema, getVariableValues, type GraphQLSchema, Kind, parse, validate } from 'graphql';
import { DEMO_PASSWORD, DEMO_USERS, demoEmail } from '../../src/playground/demo-sign-ins.js';
import { A_POST, A_USER, CREATE_POST, EXAMPLES } from '../../src/playground/playground.examples.js';
import { page } from '../../src/playground/playground.page.js';
import { script } from '../../src/playground/playground.script.js';

describe('The playground', () => {
  let schema: GraphQLSchema;

  beforeAll(() => {
    schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));
  });

  const upload = { query: CREATE_POST, variables: { input: { caption: '', mediaIds: ['media_x'] } } };

  it.each([...EXAMPLES, upload])('shows an operation that the schema takes: $query', ({ query, variables = {} }) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
    expect(operation.name?.value).toMatch(/^[A-Z]/);
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    expect(coerced.errors).toBeUndefined();
    expect(Object.keys(variables)).toHaveLength((operation.variableDefinitions ?? []).length);
  });

  it('has a query, changes to try, an upload and events', () => {
    const text = EXAMPLES.map(({ query }) => query).join('\n');
    for (const part of [
      'query Me',
      'homeFeed(',
      'likePost(',
      'createComment(',
      'followUser(',
      'createMediaUpload(',
      'subscription ',
    ])
      expect(text).toContain(part);
    const variables = JSON.stringify(EXAMPLES);
    expect([variables.includes(A_POST), variables.includes(A_USER)]).toEqual([true, true]);
  });

  it('signs in as those whom the demo data has', () => {
    const seed = readFileSync('apps/e2e/src/seed/demo.ts', 'utf8');
    expect([...seed.matchAll(/username: '(\w+)', displayName/g)].map(([, name]) => name)).toEqual(DEMO_USERS);
    expect(seed).toContain(`const PASSWORD = '${DEMO_PASSWORD}';`);
    expect(seed).toContain(demoEmail('${username}'));
    for (const name of DEMO_USERS) expect(page).toContain(`data-demo="${name}"`);
  });

  it('has a script that a browser can read, and every element that it asks for', async () => {
    await expect(transform(script, { format: 'esm', target: 'es2022' })).resolves.toBeDefined();
    const ids = [...script.matchAll(/element\('([\w-]+)'\)/g)].map(([, id]) => id!);
    expect(ids.length).toBeGreaterThan(10);
    for (const id of ids) expect(page).toContain(`id="${id}"`);
  });
});
