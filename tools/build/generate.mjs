// Generates the Prisma client of every service whose schema changed, which needs no engine and no network, and what the servers
// read about the permissions of the services.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generatePermissions } from '../permissions/generate.mjs';
import { root } from './swc-options.mjs';

const run = promisify(execFile);
const prismaVersion = JSON.parse(readFileSync(join(root, 'node_modules/prisma/package.json'), 'utf8')).version;

const everyService = () =>
  readdirSync(join(root, 'prisma')).filter((name) => existsSync(join(root, 'prisma', name, 'schema.prisma')));

/** Generates what is stale and returns the names of those services. */
export async function generate(services = everyService()) {
  const stale = services.filter((service) => stampOf(service) !== readStamp(service));
  await Promise.all(stale.map(generateClient));
  return stale;
}

async function generateClient(service) {
  await run(
    process.execPath,
    [join(root, 'node_modules/prisma/build/index.js'), 'generate', '--config', `prisma/${service}/prisma.config.ts`],
    {
      cwd: root,
      // Prisma only checks that this file exists; generating a client never runs it.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
    },
  );
  writeFileSync(stampFile(service), stampOf(service));
}

const stampFile = (service) => join(root, 'apps', service, 'src/generated/prisma/.stamp');
const readStamp = (service) => (existsSync(stampFile(service)) ? readFileSync(stampFile(service), 'utf8') : '');
const stampOf = (service) =>
  createHash('sha256')
    .update(prismaVersion)
    .update(readFileSync(join(root, 'prisma', service, 'schema.prisma')))
    .digest('hex');

if (process.argv[1] === import.meta.filename) {
  const named = process.argv.slice(2);
  const services = await generate(named.length > 0 ? named : undefined);
  console.log(
    services.length > 0 ? `generated the Prisma clients of ${services.join(', ')}` : 'the Prisma clients are fresh',
  );
  for (const file of generatePermissions()) console.log(`generated ${file}`);
}
