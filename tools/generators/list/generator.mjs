import { join } from 'node:path';
import { formatFiles, generateFiles, logger } from '@nx/devkit';
import { addImport, addToList, edit } from '../edit.mjs';
import { spellings } from '../names.mjs';

/** Writes the keyset list of a feature that `:feature` has made, down to its query in the gateway. */
export default async function list(tree, { service, name }) {
  const spelled = spellings(name);
  const { Name, singular } = spelled;
  const module = `apps/${service}/src/${name}/${name}.module.ts`;
  if (!tree.exists(module))
    throw new Error(`There is no feature ${name} yet: nx g ./tools/generators:feature ${service} ${name}`);
  generateFiles(tree, join(import.meta.dirname, 'files'), '.', { service, ...spelled });
  edit(tree, `libs/contracts/${service}/src/index.ts`, (text) => `${text}export * from './${singular}-list.rpc.js';\n`);
  for (const [key, kind] of [
    ['controllers', 'controller'],
    ['providers', 'service'],
    ['providers', 'repository'],
  ]) {
    const className = `${Name}List${kind[0].toUpperCase()}${kind.slice(1)}`;
    edit(tree, module, (text) =>
      addToList(key, className)(addImport(`import { ${className} } from './${singular}-list.${kind}.js';`)(text)),
    );
  }
  edit(tree, 'apps/gateway/src/resolvers.ts', (text) =>
    addToList(
      'resolvers',
      `${Name}ListResolver`,
    )(addImport(`import { ${Name}ListResolver } from './${name}/${singular}-list.resolver.js';`)(text)),
  );
  await formatFiles(tree);
  return () => logger.info('Next: npm run generate writes schema.graphql.');
}
