import { join } from 'node:path';
import { formatFiles, generateFiles, logger } from '@nx/devkit';
import { addImport, addToList, edit } from '../edit.mjs';
import { spellings } from '../names.mjs';

/** Writes a BullMQ queue with its processor and service, registered in a service that has a Redis. */
export default async function job(tree, { service, name }) {
  const { Names, namesVariable, words } = spellings(name);
  const CONSTANT = name.replaceAll('-', '_').toUpperCase();
  generateFiles(tree, join(import.meta.dirname, 'files'), '.', {
    service,
    name,
    Names,
    namesVariable,
    words,
    CONSTANT,
  });
  edit(tree, `apps/${service}/src/app.module.ts`, (text) =>
    addToList(
      'imports',
      `${Names}Module`,
    )(addImport(`import { ${Names}Module } from './${name}/${name}.module.js';`)(text)),
  );
  await formatFiles(tree);
  return () =>
    logger.info(`Next: call ${Names}Queue.add(…) after the commit of what needs the job; a sweep finds lost ones.`);
}
