import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createGate } from './s3-gate.mjs';
import { mendStore } from './s3rver-store.mjs';

/**
 * The stand-in object store: s3rver on a port that nobody knows, the gate in front of it.
 * @param {{ folder: string, port: number, host?: string, credentials: { accessKey: string, secretKey: string }, bucketKeys?: readonly import('./s3-bucket-key.mjs').Keys[], buckets?: string[] }} options
 * @returns {Promise<{ port: number, close(): Promise<void> }>}
 */
export async function runObjectStore({ folder, port, host = '127.0.0.1', credentials, bucketKeys = [], buckets = [] }) {
  const S3rver = createRequire(import.meta.url)('@20minutes/s3rver');
  const data = join(folder, 'buckets');
  const halves = join(folder, 'halves');
  for (const path of [data, halves]) mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(halves)) rmSync(join(halves, name), { force: true });
  const s3rver = new S3rver({
    directory: data,
    silent: true,
    allowMismatchedSignatures: true,
    vhostBuckets: false,
    configureBuckets: buckets.map((name) => ({ name })),
  });
  mendStore(s3rver.store, halves);
  await s3rver.configureBuckets();
  const token = randomBytes(24).toString('hex');
  const answer = s3rver.callback();
  // Other programs on this machine can reach the port as well: only the gate knows the token.
  const backend = createServer((request, response) =>
    request.headers['x-gate-token'] === token ? answer(request, response) : response.writeHead(403).end(),
  );
  await listen(backend, 0, '127.0.0.1');
  const gate = createGate({
    credentials,
    bucketKeys,
    store: { port: backend.address().port, token },
    spool: join(folder, 'spool'),
  });
  await listen(gate, port, host);
  return {
    port: gate.address().port,
    async close() {
      await Promise.all(
        [gate, backend].map(
          (server) =>
            new Promise((resolve) => {
              server.close(resolve);
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}

function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

if (process.argv[1] === import.meta.filename) {
  const { OBJECT_STORE_FOLDER, PORT, ROOT_ACCESS_KEY, ROOT_SECRET_KEY } = process.env;
  const { MINIO_ACCESS_KEY, MINIO_SECRET_KEY, MINIO_BUCKET } = process.env;
  const store = await runObjectStore({
    folder: OBJECT_STORE_FOLDER,
    port: Number(PORT),
    credentials: { accessKey: ROOT_ACCESS_KEY, secretKey: ROOT_SECRET_KEY },
    bucketKeys: [{ accessKey: MINIO_ACCESS_KEY, secretKey: MINIO_SECRET_KEY, bucket: MINIO_BUCKET }],
    buckets: [MINIO_BUCKET],
  });
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => store.close().then(() => process.exit(0)));
}
