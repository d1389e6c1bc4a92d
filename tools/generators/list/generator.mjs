import { join } from 'node:path';
import { formatFiles, logger } from '@nx/devkit';
import { edit, register, write } from '../edit.mjs';
import { spellings } from '../names.mjs';
import { refuseGraphqlName, refuseIf } from '../checks.mjs';

/** Writes the keyset list of a feature that `:feature` has made, down to its query in the gateway. */
export default async function list(tree, { service, name }) {
  const noun = spellings(name);
  const { Name, singular } = noun;
  refuse(tree, service, noun);
  write(tree, join(import.meta.dirname, 'files'), { service, ...noun });
  edit(tree, `libs/contracts/${service}/src/index.ts`, (text) => `${text}export * from './${singular}-list.rpc.js';\n`);
  const module = `apps/${service}/src/${name}/${name}.module.ts`;
  edit(tree, module, register('controllers', `${Name}ListController`, `./${singular}-list.controller.js`));
  edit(tree, module, register('providers', `${Name}ListService`, `./${singular}-list.service.js`));
  edit(tree, module, register('providers', `${Name}ListRepository`, `./${singular}-list.repository.js`));
  edit(
    tree,
    'apps/gateway/src/resolvers.ts',
    register('resolvers', `${Name}ListResolver`, `./${name}/${singular}-list.resolver.js`),
  );
  await formatFiles(tree);
  return () => logger.info('Next: npm run generate writes schema.graphql.');
}

function refuse(tree, service, { name, singular, namesVariable, table }) {
  refuseIf(
    service !== 'post',
    `The generated list is one of posts, so it belongs to the service post, not to ${service}. A list of ${service} is written by hand after docs/how-to/add-a-list.md.`,
  );
  const folder = `apps/${service}/src/${name}`;
  refuseIf(
    !tree.exists(`${folder}/${name}.module.ts`),
    `There is no feature ${name} yet: nx g ./tools/generators:feature ${service} ${name}`,
  );
  refuseIf(
    !tree.exists(`libs/contracts/${service}/src/${singular}.rpc.ts`) || !hasEdgeTable(tree, service, table),
    `${folder} was not written by the generator of features: it has no table ${table} of posts and users to list. Its list is written by hand after docs/how-to/add-a-list.md.`,
  );
  refuseIf(tree.exists(`libs/contracts/${service}/src/${singular}-list.rpc.ts`), `${name} has a list already.`);
  refuseGraphqlName(tree, 'Query', namesVariable);
}

/** Whether Prisma's schema has a table of this name with what the list reads. */
const hasEdgeTable = (tree, service, table) =>
  tree
    .read(`prisma/${service}/schema.prisma`, 'utf8')
    .split(/^model /m)
    .some(
      (model) =>
        model.includes(`@@map("${table}")`) &&
        ['post_id', 'user_id', 'created_at'].every((column) => model.includes(`@map("${column}")`)),
    );
