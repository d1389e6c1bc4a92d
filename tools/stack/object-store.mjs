import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childProcess } from './child.mjs';
import { StackError } from './errors.mjs';
import { makeBucketKey } from './minio-key.mjs';
import { freePort } from './ports.mjs';
import { onPath } from './programs.mjs';
import { checkGateIdentity } from './s3-gate.mjs';

export const bucketName = 'fowergram-media';
const standIn = fileURLToPath(new URL('./object-store-process.mjs', import.meta.url));

/**
 * A private object store: a MinIO where that program is on the PATH, else s3rver with our gate in front. The media service gets a key
 * of its one bucket and of nothing else.
 * @param {{ dataDir: string, port: number, accessKey: string, secretKey: string, media: { accessKey: string, secretKey: string }, log: (line: string) => void, env?: NodeJS.ProcessEnv }} options
 */
export async function objectStoreServer({ dataDir, port, accessKey, secretKey, media, log, env = process.env }) {
  const url = `http://127.0.0.1:${port}`;
  const minio = findMinio(env);
  const folder = join(dataDir, minio ? 'minio' : 'objects');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  if (!minio) log('no minio on the PATH: the object store is s3rver with our signature gate in front');
  const child = minio
    ? await minioProcess({ minio, dataDir, folder, port, url, accessKey, secretKey })
    : standInProcess({ dataDir, folder, port, url, accessKey, secretKey, media });
  await child.start();
  if (minio) await makeBucket({ url, accessKey, secretKey, media });
  return Object.assign(child, {
    url,
    publicUrl: env.MINIO_PUBLIC_ENDPOINT ?? url,
    bucket: bucketName,
    accessKey,
    secretKey,
    media,
    kind: minio ? 'minio' : 's3rver',
  });
}

function standInProcess({ dataDir, folder, port, url, accessKey, secretKey, media }) {
  return childProcess({
    name: 'object-store',
    dataDir,
    launch: () => ({
      command: process.execPath,
      args: [standIn],
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        OBJECT_STORE_FOLDER: folder,
        PORT: String(port),
        ROOT_ACCESS_KEY: accessKey,
        ROOT_SECRET_KEY: secretKey,
        MINIO_ACCESS_KEY: media.accessKey,
        MINIO_SECRET_KEY: media.secretKey,
        MINIO_BUCKET: bucketName,
      },
    }),
    ready: () => checkGateIdentity(url, secretKey),
  });
}

async function minioProcess({ minio, dataDir, folder, port, url, accessKey, secretKey }) {
  const consolePort = await freePort();
  return childProcess({
    name: 'object-store',
    dataDir,
    launch: () => ({
      command: minio,
      args: ['server', folder, '--address', `127.0.0.1:${port}`, '--console-address', `127.0.0.1:${consolePort}`],
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        MINIO_ROOT_USER: accessKey,
        MINIO_ROOT_PASSWORD: secretKey,
        MINIO_BROWSER: 'off',
      },
    }),
    ready: () => checkCredentials({ url, accessKey, secretKey }),
  });
}

/** The program of that name that says it is a MinIO server. */
export function findMinio(env = process.env) {
  const path = onPath('minio', env);
  if (!path) return undefined;
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return /^minio version/m.test(stdout ?? '') ? path : undefined;
}

// A store that is ours accepts our signature and refuses everybody else: one that answers anybody proves nothing.
async function checkCredentials({ url, accessKey, secretKey }) {
  const anonymous = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  if (anonymous.ok) throw new Error('it answers without a signature');
  await (await client({ url, accessKey, secretKey })).listBuckets();
}

async function makeBucket({ media, ...access }) {
  const minio = await client(access);
  if (!(await minio.bucketExists(bucketName))) await minio.makeBucket(bucketName);
  await makeBucketKey(minio, { bucket: bucketName, rootSecret: access.secretKey, ...media });
}

async function client({ url, accessKey, secretKey }) {
  const { Client } = await import('minio');
  const { hostname, port, protocol } = new URL(url);
  return new Client({
    endPoint: hostname,
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
    useSSL: protocol === 'https:',
    accessKey,
    secretKey,
  });
}

/** A store that the environment names: our keys must open it, and it must be shut to everybody else. */
export async function checkForeignObjectStore(env) {
  const access = { url: env.MINIO_ENDPOINT, accessKey: env.MINIO_ACCESS_KEY, secretKey: env.MINIO_SECRET_KEY };
  try {
    if (!access.accessKey || !access.secretKey)
      throw new Error('MINIO_ACCESS_KEY and MINIO_SECRET_KEY must be given with it');
    await checkCredentials(access);
    return {
      publicUrl: env.MINIO_PUBLIC_ENDPOINT ?? access.url,
      bucket: env.MINIO_BUCKET ?? bucketName,
      accessKey: access.accessKey,
      secretKey: access.secretKey,
      media: access,
      kind: 'outside',
    };
  } catch (error) {
    throw new StackError(
      `The object store of MINIO_ENDPOINT cannot be used: ${error.message}.`,
      'Mend MINIO_ENDPOINT and its keys, or unset it to get a private store.',
    );
  }
}
