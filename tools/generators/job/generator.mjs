import { join } from 'node:path';
import { formatFiles, logger } from '@nx/devkit';
import { edit, register, write } from '../edit.mjs';
import { spellings } from '../names.mjs';
import { refuseIf, refuseReserved } from '../checks.mjs';

/** Writes a BullMQ queue with its processor and service, registered in a service that has a Redis. */
export default async function job(tree, { service, name }) {
  const { Names, namesVariable, words } = spellings(name);
  const folder = `apps/${service}/src/${name}`;
  refuseIf(!tree.exists(`apps/${service}/src/app.module.ts`), `There is no service ${service}.`);
  refuseIf(tree.exists(folder), `${folder} exists already: choose another name.`);
  refuseReserved({ code: [namesVariable] });
  const CONSTANT = name.replaceAll('-', '_').toUpperCase();
  write(tree, join(import.meta.dirname, 'files'), { service, name, Names, namesVariable, words, CONSTANT });
  edit(tree, `apps/${service}/src/app.module.ts`, register('imports', `${Names}Module`, `./${name}/${name}.module.js`));
  await formatFiles(tree);
  return () =>
    logger.info(`Next: call ${Names}Queue.add(…) after the commit of what needs the job; a sweep finds lost ones.`);
}
