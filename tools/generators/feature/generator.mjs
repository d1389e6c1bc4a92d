import { join } from 'node:path';
import { formatFiles, generateFiles, logger } from '@nx/devkit';
import { addImport, addToList, addToObject, edit } from '../edit.mjs';
import { migrationTime, spellings } from '../names.mjs';

/** Writes a noun of its own: contract, table, service, erasure, GraphQL and tests, all registered where they are needed. */
export default async function feature(tree, { service, name }) {
  const spelled = spellings(name);
  const folder = `apps/${service}/src/${name}`;
  if (tree.exists(folder)) throw new Error(`${folder} exists already.`);
  generateFiles(tree, join(import.meta.dirname, 'files'), '.', { service, migrationTime: migrationTime(), ...spelled });
  edit(
    tree,
    `libs/contracts/${service}/src/index.ts`,
    (text) => `${text}export * from './${spelled.singular}.rpc.js';\n`,
  );
  edit(tree, `apps/${service}/src/app.module.ts`, (text) =>
    addToList(
      'imports',
      `${spelled.Names}Module`,
    )(addImport(`import { ${spelled.Names}Module } from './${name}/${name}.module.js';`)(text)),
  );
  edit(tree, `prisma/${service}/schema.prisma`, (text) => `${text.trimEnd()}\n\n${model(spelled)}`);
  edit(tree, 'apps/gateway/src/resolvers.ts', (text) =>
    addToList(
      'resolvers',
      `${spelled.Names}Resolver`,
    )(addImport(`import { ${spelled.Names}Resolver } from './${name}/${name}.resolver.js';`)(text)),
  );
  edit(
    tree,
    'apps/e2e/src/id-columns.ts',
    addToObject(
      'idColumns',
      `'${service}.${spelled.table}.post_id': POST,\n  '${service}.${spelled.table}.user_id': USER`,
    ),
  );
  edit(tree, 'apps/e2e/src/full-account.ts', addToList('fills', fill(spelled)));
  await formatFiles(tree);
  return () =>
    logger.info(
      'Next: npm run generate writes schema.graphql; docs/how-to/add-a-feature.md says what is left to decide.',
    );
}

/** What the journey of an erasure does, so that there is something to erase. */
const fill = ({ Name }) => `({ user, friend, usersPost, friendsPost }) =>
    Promise.all(
      [
        { client: user.client, id: friendsPost },
        { client: friend.client, id: usersPost },
      ].map(({ client, id }) => client.request('mutation ($id: ID!) { add${Name}(postId: $id) { id } }', { id })),
    ),`;

const model = ({ Name, table }) => `model ${Name} {
  postId    String   @map("post_id") @db.Uuid
  userId    String   @map("user_id") @db.Uuid
  createdAt DateTime @map("created_at") @db.Timestamptz(3)

  @@id([postId, userId])
  @@index([userId, createdAt(sort: Desc), postId(sort: Desc)], map: "${table}_by_user")
  @@map("${table}")
}
`;
