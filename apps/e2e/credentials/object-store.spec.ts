import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { Client } from 'minio';
import { freePort } from '@fowergram/testing';
import { variablesOf } from '../../../tools/stack/services.mjs';
import { services, startStores, type Stores } from '../src/credentials/stores.js';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
}, 60_000);
afterAll(() => stores?.stop());

describe('The object store', () => {
  const at = () => ({ stack: stores.stack, port: 1, operatorPort: 2 });
  const clientWith = (keys: { accessKey: string; secretKey: string }) => {
    const { hostname, port } = new URL(stores.stack.objectStore.url);
    return new Client({ endPoint: hostname, port: Number(port), useSSL: false, region: 'us-east-1', ...keys });
  };
  /** Uploads as a browser does. */
  const sendForm = async (client: Client, bucket: string): Promise<Response> => {
    const policy = client.newPostPolicy();
    policy.setBucket(bucket);
    policy.setKey('uploaded');
    policy.setExpires(new Date(Date.now() + 60_000));
    const { postURL, formData } = await client.presignedPostPolicy(policy);
    const form = new FormData();
    for (const [name, value] of Object.entries(formData)) form.append(name, String(value));
    form.append('file', new Blob(['a']), 'a');
    return fetch(postURL, { method: 'POST', body: form });
  };

  it('gives its keys to media, and to no other service', () => {
    const given = services.filter((name) => {
      const variables = variablesOf(name as 'media', at());
      return Object.keys(variables).some((variable) => variable.startsWith('MINIO_'));
    });
    expect(given).toEqual(['media']);
    const { MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey } = variablesOf('media', at());
    const { objectStore } = stores.stack;
    expect({ accessKey, secretKey }).toEqual(objectStore.media);
  });

  it('opens its bucket to media, and nothing else: no other bucket, not the making or the end of one, no list of others', async () => {
    const { bucket, media, accessKey, secretKey } = stores.stack.objectStore;
    const [root, client] = [clientWith({ accessKey, secretKey }), clientWith(media)];
    await client.putObject(bucket, 'a', Buffer.from('a'));
    await client.copyObject(bucket, 'b', `/${bucket}/a`);
    await client.removeObjects(bucket, ['a', 'b']);
    await root.makeBucket('others');
    await root.putObject('others', 'secret', Buffer.from('a'));
    const attempts: Record<string, () => Promise<unknown>> = {
      'make a bucket': () => client.makeBucket('mine'),
      'end its bucket': () => client.removeBucket(bucket),
      'read another': () => client.getObject('others', 'secret'),
      'write another': () => client.putObject('others', 'a', Buffer.from('a')),
      'remove of another': () => client.removeObject('others', 'secret'),
      'copy out of another': () => client.copyObject(bucket, 'stolen', '/others/secret'),
      'copy out of another, spelled otherwise': () => client.copyObject(bucket, 'stolen', '/%6fthers/secret'),
    };
    for (const [name, attempt] of Object.entries(attempts))
      await expect(attempt().then(() => name)).rejects.toMatchObject({ code: 'AccessDenied' });
    // MinIO shows a key the buckets that it opens, the stand-in shows it none.
    const seen = await client.listBuckets().catch(({ code }: { code: string }) => code);
    expect([[expect.objectContaining({ name: bucket })], 'AccessDenied']).toContainEqual(seen);
    expect((await sendForm(client, 'others')).status).toBe(403);
    expect((await sendForm(client, bucket)).status).toBe(204);
  });

  it('answers nobody without a signature', async () => {
    const { url, bucket } = stores.stack.objectStore;
    for (const [method, path] of [
      ['GET', ''],
      ['GET', `/${bucket}`],
      ['PUT', `/${bucket}/b`],
      ['DELETE', `/${bucket}`],
    ])
      expect((await fetch(`${url}${path}`, { method: method! })).status).toBe(403);
  });
});

describe('A service that starts', () => {
  const WRONG = 'wr0ng-horse-and-battery';
  const withWrongPassword = (url: string): string => Object.assign(new URL(url), { password: WRONG }).href;
  const variablesOfMedia = async (): Promise<Record<string, string>> => ({
    ENVIRONMENT: 'test',
    ...variablesOf('media', { stack: stores.stack, port: 0, operatorPort: await freePort() }),
    DATABASE_URL: stores.databases['media']!,
  });

  it.each([
    ['NATS_URL', (url: string) => withWrongPassword(url)],
    ['REDIS_URL', (url: string) => withWrongPassword(url)],
    ['DATABASE_URL', (url: string) => withWrongPassword(url)],
    ['MINIO_ACCESS_KEY', () => WRONG],
    ['MINIO_SECRET_KEY', () => WRONG],
  ])('with a wrong %s says so, shows no password, ends, and leaves nothing listening', async (name, wrong) => {
    const right = await variablesOfMedia();
    const env = { PATH: process.env.PATH, ...right, [name]: wrong(right[name]!) };
    const child = spawn(process.execPath, ['dist/apps/media/src/main.js'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    expect([code, err]).toEqual([78, expect.stringMatching(new RegExp(`^media: (MINIO_ACCESS_KEY, )?${name}\\b`))]);
    const secrets = [WRONG, right['MINIO_SECRET_KEY']!, new URL(right['NATS_URL']!).password];
    expect(secrets.filter((secret) => `${out}${err}`.includes(secret))).toEqual([]);
    await expect(fetch(`http://127.0.0.1:${right['OPERATOR_PORT']}/health/live`)).rejects.toThrow('fetch failed');
  });
});
