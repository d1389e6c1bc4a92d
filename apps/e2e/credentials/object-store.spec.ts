import { Client } from 'minio';
import { variablesOf } from '../../../tools/stack/services.mjs';
import { services, startStores, type Stores } from '../src/credentials/stores.js';

describe('The object store', () => {
  let stores: Stores;

  beforeAll(async () => {
    stores = await startStores();
  }, 60_000);
  afterAll(() => stores?.stop());

  it('is opened by the keys of media, and no other service is given keys', async () => {
    const given = services.filter((name) => {
      const variables = variablesOf(name as 'media', { stack: stores.stack, port: 1, operatorPort: 2 });
      return Object.keys(variables).some((variable) => variable.startsWith('MINIO_'));
    });
    expect(given).toEqual(['media']);
    const { url, bucket, accessKey, secretKey } = stores.stack.objectStore;
    const client = new Client({
      endPoint: new URL(url).hostname,
      port: Number(new URL(url).port),
      useSSL: false,
      region: 'us-east-1',
      accessKey,
      secretKey,
    });
    await client.putObject(bucket, 'a', Buffer.from('a'));
    await client.removeObject(bucket, 'a');
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
