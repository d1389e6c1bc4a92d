import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './errors.mjs';
import { readJson, writeJson } from './files.mjs';

const secret = (bytes = 18) => randomBytes(bytes).toString('hex');
export const databases = ['user', 'post', 'media', 'notification', 'auth'];

/**
 * The secrets of one stack: made once, stored with its data, readable by their owner only.
 * @returns {{ stackId: string, postgres: string, roles: Record<string, string>, redis: string, nats: { user: string, password: string },
 *   objectStore: { accessKey: string, secretKey: string }, authCore: string, secondFactorKey: string }}
 */
export function credentials(dataDir) {
  const file = join(dataDir, 'credentials.json');
  const stored = readJson(file);
  if (stored) {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    // Made by an earlier version, which did not know this one yet.
    if (!stored.secondFactorKey) writeJson(file, Object.assign(stored, { secondFactorKey: secret(32) }));
    return stored;
  }
  if (existsSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'))) {
    throw new StackError(
      `${file} is gone, so the data beside it cannot be opened any more.`,
      `Start afresh (this deletes the local data): rm -rf ${dataDir}`,
    );
  }
  const fresh = {
    stackId: secret(6),
    postgres: secret(),
    roles: Object.fromEntries(databases.map((name) => [name, secret()])),
    redis: secret(),
    nats: { user: 'fowergram', password: secret() },
    objectStore: { accessKey: secret(10), secretKey: secret(20) },
    authCore: secret(),
    secondFactorKey: secret(32),
  };
  writeJson(file, fresh);
  return fresh;
}
