import { join } from 'node:path';
import { formatFiles, logger } from '@nx/devkit';
import { addAfterLast, addImport, addToList, addToObject, edit, register, write } from '../edit.mjs';
import { migrationTime, spellings } from '../names.mjs';
import { refuseGraphqlName, refuseIf, refuseReserved } from '../checks.mjs';

/** Writes a noun of its own: contract, table, service, erasure, GraphQL and tests, all registered where they are needed. */
export default async function feature(tree, { service, name, ...given }) {
  const noun = spellings(name);
  const graphql = { add: `add${noun.Name}`, remove: `remove${noun.Name}`, field: `viewerHas${noun.Name}`, ...given };
  refuse(tree, service, noun, graphql);
  write(tree, join(import.meta.dirname, 'files'), { service, migrationTime: migrationTime(), ...noun, ...graphql });
  registerInService(tree, service, noun);
  registerInGateway(tree, noun, graphql);
  listForErasure(tree, service, noun, graphql);
  await formatFiles(tree);
  return () =>
    logger.info(
      'Next: npm run generate writes schema.graphql; docs/how-to/add-a-feature.md says what is left to decide.',
    );
}

function refuse(tree, service, { name, singular, Name, namesVariable, table }, { add, remove, field }) {
  refuseIf(
    service !== 'post',
    `A feature is an edge between a user and a post, so it belongs to the service post, not to ${service}. What ${service} owns is written after docs/how-to/add-a-mutation.md.`,
  );
  const taken = [
    `apps/${service}/src/${name}`,
    `apps/gateway/src/${name}`,
    `libs/contracts/${service}/src/${singular}.rpc.ts`,
  ];
  for (const path of taken)
    refuseIf(
      tree.exists(path),
      `${path} exists already: choose another noun, or add a mutation to that one (docs/how-to/add-a-mutation.md).`,
    );
  refuseReserved({ code: [namesVariable], tables: [table] });
  const schema = `prisma/${service}/schema.prisma`;
  const tables = new RegExp(`^model ${Name} \\{|@@map\\("${table}"\\)`, 'm');
  refuseIf(
    tables.test(tree.read(schema, 'utf8')),
    `${schema} has a table ${table} or a model ${Name} already: choose another noun.`,
  );
  for (const mutation of [add, remove]) refuseGraphqlName(tree, 'Mutation', mutation);
  refuseIf(add === remove, '--add and --remove are two mutations: give them two names.');
  refuseGraphqlName(tree, 'Post', field);
}

function registerInService(tree, service, { name, singular, Name, Names, table }) {
  edit(tree, `libs/contracts/${service}/src/index.ts`, (text) => `${text}export * from './${singular}.rpc.js';\n`);
  edit(tree, `apps/${service}/src/app.module.ts`, register('imports', `${Names}Module`, `./${name}/${name}.module.js`));
  edit(tree, `prisma/${service}/schema.prisma`, (text) => `${text.trimEnd()}\n\n${model(Name, table)}`);
}

function registerInGateway(tree, { name, nameVariable, Names }, { add, remove }) {
  // A change like any other; docs/limits.md has the buckets that it may take from besides.
  for (const mutation of [add, remove])
    edit(
      tree,
      'apps/gateway/src/limits/mutation-points.rules.ts',
      addToObject('mutationPoints', `${mutation}: { writes: one }`),
    );
  edit(
    tree,
    'apps/gateway/src/resolvers.ts',
    register('resolvers', `${Names}Resolver`, `./${name}/${name}.resolver.js`),
  );
  edit(tree, 'apps/gateway/src/loaders.ts', (text) =>
    addAfterLast(
      '  ...',
      `  ...${nameVariable}Loaders,`,
    )(addImport(`import { ${nameVariable}Loaders } from './${name}/${name}.loaders.js';`)(text)),
  );
}

/** Which columns an erasure empties, and what its journey does so that there is something to erase. */
function listForErasure(tree, service, { table }, { add }) {
  const columns = `  '${service}.${table}.post_id': POST,\n  '${service}.${table}.user_id': USER,`;
  edit(tree, 'apps/e2e/src/id-columns.ts', addAfterLast(`  '${service}.`, columns));
  edit(tree, 'apps/e2e/src/full-account.ts', addToList('fills', fill(add)));
}

const fill = (add) => `({ user, friend, usersPost, friendsPost }) =>
    Promise.all(
      [
        { client: user.client, id: friendsPost },
        { client: friend.client, id: usersPost },
      ].map(({ client, id }) => client.request('mutation ($id: ID!) { ${add}(postId: $id) { id } }', { id })),
    ),`;

const model = (Name, table) => `model ${Name} {
  postId    String   @map("post_id") @db.Uuid
  userId    String   @map("user_id") @db.Uuid
  createdAt DateTime @map("created_at") @db.Timestamptz(3)

  @@id([postId, userId])
  @@index([userId, createdAt(sort: Desc), postId(sort: Desc)], map: "${table}_by_user")
  @@map("${table}")
}
`;
