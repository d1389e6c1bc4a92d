import { join } from 'node:path';
import { formatFiles, logger, names } from '@nx/devkit';
import { addToObject, edit, register, write } from '../edit.mjs';
import { refuseIf } from '../checks.mjs';

/** What an event of each service is about; who did it is added by hand, where others may learn that. */
const SUBJECT_IDS = { post: ['postId', 'authorId'], user: ['userId'], media: ['mediaId', 'ownerId'] };

/** Writes an event of one service and the method of another that consumes it once. */
export default async function event(tree, { service, name, consumer }) {
  const folder = `${service}-${name}`;
  const { className: Folder, propertyName: folderVariable } = names(folder);
  const { propertyName } = names(name);
  const subject = `${service}.${name}`;
  refuse(tree, service, consumer, folder, propertyName, subject);
  const ids = SUBJECT_IDS[service];
  write(tree, join(import.meta.dirname, 'files'), {
    ...{ service, consumer, folder, Folder, folderVariable, event: propertyName, subject, ids },
    logged: service === 'user' ? 'eventId: context.eventId' : `${ids[0]}: payload.${ids[0]}`,
    durable: subject.replaceAll('.', '-'),
    words: `${service} ${name.replaceAll('-', ' ')}`,
  });
  const fields = ids.map((id) => `${id}: Id`).join(', ');
  const contract = `${propertyName}: event('${subject}', z.object({ ${fields}, at: Timestamp }))`;
  edit(tree, eventsOf(service), (text) => addToObject(`${service}Event`, contract)(needsTimestamp(text)));
  edit(
    tree,
    `apps/${consumer}/src/app.module.ts`,
    register('imports', `${Folder}Module`, `./${folder}/${folder}.module.js`),
  );
  await formatFiles(tree);
  return () =>
    logger.info(
      `Next: record it with outbox.add(tx, ${service}Event.${propertyName}, …) in the transaction of its effect.`,
    );
}

const eventsOf = (service) => `libs/contracts/${service}/src/${service}.events.ts`;

function refuse(tree, service, consumer, folder, propertyName, subject) {
  refuseIf(
    !SUBJECT_IDS[service],
    `${service} publishes no events: one of ${Object.keys(SUBJECT_IDS).join(', ')} does.`,
  );
  refuseIf(service === consumer, 'A service does not consume its own event here: choose another --consumer.');
  refuseIf(
    !tree.exists(`apps/${consumer}/src/app.module.ts`),
    `There is no service ${consumer} that could consume the event.`,
  );
  const known = tree.read(eventsOf(service), 'utf8');
  refuseIf(
    new RegExp(`^  ${propertyName}:`, 'm').test(known) || known.includes(`'${subject}'`),
    `${service}Event.${propertyName} exists already in ${eventsOf(service)}: consume that one, or choose another name.`,
  );
  refuseIf(tree.exists(`apps/${consumer}/src/${folder}`), `apps/${consumer}/src/${folder} exists already.`);
}

/** The payload has a time; its type is imported where it is not yet. */
function needsTimestamp(text) {
  const imported = /import \{ ([^}]*) \} from '@fowergram\/contracts-core';/;
  return text.replace(imported, (_, list) => {
    const known = list.split(', ');
    return `import { ${[...new Set([...known, 'event', 'Id', 'Timestamp'])].join(', ')} } from '@fowergram/contracts-core';`;
  });
}
