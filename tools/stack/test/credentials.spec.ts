import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials } from '../credentials.mjs';
import { temporaryFolder } from './folder.js';

const folder = temporaryFolder();

describe('the secrets of a stack', () => {
  it('are made once and only their owner can read them', () => {
    const dataDir = join(folder, 'kept');
    const first = credentials(dataDir);
    expect(credentials(dataDir)).toEqual(first);
    expect(statSync(join(dataDir, 'credentials.json')).mode & 0o777).toBe(0o600);
  });

  it('are not those of any other stack', () => {
    const [one, other] = [credentials(join(folder, 'one')), credentials(join(folder, 'other'))];
    const secrets = (from: typeof one) => [
      from.postgres,
      from.redis,
      ...Object.values(from.redisUsers),
      ...Object.values(from.nats),
      from.objectStore.secretKey,
      from.authCore,
      ...Object.values(from.roles),
    ];
    expect(new Set([...secrets(one), ...secrets(other)]).size).toBe(secrets(one).length * 2);
  });

  it('are closed again when their file became readable for others', () => {
    const dataDir = join(folder, 'opened');
    credentials(dataDir);
    chmodSync(join(dataDir, 'credentials.json'), 0o644);
    credentials(dataDir);
    expect(statSync(join(dataDir, 'credentials.json')).mode & 0o777).toBe(0o600);
  });

  it('are not silently made anew for data whose secrets are gone', () => {
    const dataDir = join(folder, 'lost');
    mkdirSync(join(dataDir, 'postgres', 'data'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '15');
    expect(() => credentials(dataDir)).toThrow(/rm -rf/);
  });
});
