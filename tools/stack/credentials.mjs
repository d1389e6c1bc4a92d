import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { databaseServices, ownerOf } from '../permissions/postgres-roles.mjs';
import { StackError } from './errors.mjs';
import { readJson, writeJson } from './files.mjs';

const secret = (bytes = 18) => randomBytes(bytes).toString('hex');
export const databases = [...databaseServices, 'auth'];
/** Who has a password of its own for NATS. */
const natsUsers = ['administrator', 'operator', 'gateway', 'user', 'post', 'media', 'notification'];
/** Who has one for Redis, beside its administrator. */
const redisUsers = ['gateway', 'post', 'media'];

/**
 * The secrets of one stack: made once, stored with its data, readable by their owner only.
 * @returns {{ stackId: string, postgres: string, roles: Record<string, string>, redis: string, redisUsers: Record<string, string>, nats: Record<string, string>,
 *   objectStore: { accessKey: string, secretKey: string }, mediaObjects: { accessKey: string, secretKey: string }, authCore: string, secondFactorKey: string, cursorKey: string, webhookKey: string }}
 */
export function credentials(dataDir) {
  const file = join(dataDir, 'credentials.json');
  const stored = readJson(file);
  if (stored) {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    // Made by an earlier version, which did not know all of them yet.
    const all = filled(fresh(), stored);
    if (JSON.stringify(all) !== JSON.stringify(stored)) writeJson(file, all);
    return all;
  }
  if (existsSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'))) {
    throw new StackError(
      `${file} is gone, so the data beside it cannot be opened any more.`,
      `Start afresh (this deletes the local data): rm -rf ${dataDir}`,
    );
  }
  const made = fresh();
  writeJson(file, made);
  return made;
}

const each = (names) => Object.fromEntries(names.map((name) => [name, secret()]));

const fresh = () => ({
  stackId: secret(6),
  postgres: secret(),
  roles: each([...databases, ...databaseServices.map(ownerOf)]),
  redis: secret(),
  redisUsers: each(redisUsers),
  nats: each(natsUsers),
  objectStore: { accessKey: secret(10), secretKey: secret(20) },
  mediaObjects: { accessKey: secret(10), secretKey: secret(20) },
  authCore: secret(),
  secondFactorKey: secret(32),
  cursorKey: secret(32),
  webhookKey: secret(32),
});

/** What is stored, with a new secret wherever there is none. */
function filled(made, stored) {
  const isGroup = (value) => typeof value === 'object';
  return Object.fromEntries(
    Object.entries({ ...made, ...stored }).map(([name, value]) => [
      name,
      isGroup(made[name]) ? filled(made[name], stored[name] ?? {}) : value,
    ]),
  );
}
