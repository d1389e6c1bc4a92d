import { join } from 'node:path';
import { formatFiles, generateFiles, logger, names } from '@nx/devkit';
import { addImport, addToList, addToObject, edit } from '../edit.mjs';

/** Writes an event of one service and the method of another that consumes it once. */
export default async function event(tree, { service, name, consumer }) {
  if (service === consumer)
    throw new Error('A service does not consume its own event here: choose another --consumer.');
  const folder = `${service}-${name}`;
  const { className: Folder, propertyName: folderVariable } = names(folder);
  const { propertyName } = names(name);
  const subject = `${service}.${name}`;
  // An event of the post service is about a post.
  const subjectId = service === 'post' ? 'postId' : undefined;
  const ids = subjectId ? `${subjectId}: Id, userId: Id` : 'userId: Id';
  const contract = `${propertyName}: event('${subject}', z.object({ ${ids}, at: Timestamp }))`;
  const variables = { service, consumer, folder, Folder, folderVariable, event: propertyName, subject, subjectId };
  generateFiles(tree, join(import.meta.dirname, 'files'), '.', {
    ...variables,
    durable: subject.replaceAll('.', '-'),
    words: `${service} ${name.replaceAll('-', ' ')}`,
  });
  edit(tree, `libs/contracts/${service}/src/${service}.events.ts`, (text) =>
    addToObject(`${service}Event`, contract)(needsTimestamp(text)),
  );
  edit(tree, `apps/${consumer}/src/app.module.ts`, (text) =>
    addToList(
      'imports',
      `${Folder}Module`,
    )(addImport(`import { ${Folder}Module } from './${folder}/${folder}.module.js';`)(text)),
  );
  await formatFiles(tree);
  return () =>
    logger.info(
      `Next: record it with outbox.add(tx, ${service}Event.${propertyName}, …) in the transaction of its effect.`,
    );
}

/** The payload has a time; its type is imported where it is not yet. */
function needsTimestamp(text) {
  const imported = /import \{ ([^}]*) \} from '@fowergram\/contracts-core';/;
  return text.replace(imported, (_, list) => {
    const known = list.split(', ');
    return `import { ${[...new Set([...known, 'event', 'Id', 'Timestamp'])].join(', ')} } from '@fowergram/contracts-core';`;
  });
}
