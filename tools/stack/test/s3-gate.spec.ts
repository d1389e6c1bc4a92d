import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { runObjectStore } from '../object-store-process.mjs';

const credentials = { accessKey: 'test-access', secretKey: 'test-secret-key' };
const bucket = 'pictures';
const photo = Buffer.from('not really a photo, but bytes all the same');

let folder: string;
let store: Awaited<ReturnType<typeof runObjectStore>>;
let s3: Client;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gate-'));
  store = await runObjectStore({ folder, port: 0, credentials, buckets: [bucket] });
  url = `http://127.0.0.1:${store.port}`;
  s3 = clientWith(credentials);
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function clientWith(keys: { accessKey: string; secretKey: string }) {
  return new Client({ endPoint: '127.0.0.1', port: store.port, useSSL: false, ...keys });
}

async function read(stream: AsyncIterable<Buffer>) {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function failure(response: Response) {
  const text = await response.text();
  return { status: response.status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] };
}

const spooled = async () => [...(await readdir(join(folder, 'spool'))), ...(await readdir(join(folder, 'halves')))];

describe('an object store that is asked with signed headers', () => {
  it('lets what was put be read, looked at, listed and removed', async () => {
    await s3.putObject(bucket, 'a/b c+d.jpg', photo, photo.length, {
      'Content-Type': 'image/jpeg',
      'X-Amz-Meta-By': 'ann',
    });
    expect(await read(await s3.getObject(bucket, 'a/b c+d.jpg'))).toEqual(photo);
    const stat = await s3.statObject(bucket, 'a/b c+d.jpg');
    expect(stat).toMatchObject({
      size: photo.length,
      etag: createHash('md5').update(photo).digest('hex'),
      metaData: { 'content-type': 'image/jpeg', by: 'ann' },
    });
    const listed: string[] = [];
    for await (const item of s3.listObjectsV2(bucket, 'a/', true)) listed.push((item as { name: string }).name);
    expect(listed).toEqual(['a/b c+d.jpg']);
    await s3.removeObject(bucket, 'a/b c+d.jpg');
    await expect(s3.statObject(bucket, 'a/b c+d.jpg')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('reads a part of an object, from either end', async () => {
    await s3.putObject(bucket, 'part', Buffer.from('0123456789'));
    expect((await read(await s3.getPartialObject(bucket, 'part', 2, 3))).toString()).toBe('234');
    expect((await read(await s3.getPartialObject(bucket, 'part', 0, 1))).toString()).toBe('0');
    const address = await s3.presignedGetObject(bucket, 'part', 60);
    expect(await (await fetch(address, { headers: { range: 'bytes=-3' } })).text()).toBe('789');
  });

  it('copies objects, and removes them in numbers', async () => {
    await s3.putObject(bucket, 'many/1', photo);
    await s3.copyObject(bucket, 'many/2', `/${bucket}/many/1`);
    expect(await read(await s3.getObject(bucket, 'many/2'))).toEqual(photo);
    await s3.removeObjects(bucket, ['many/1', 'many/2']);
    await expect(s3.statObject(bucket, 'many/1')).rejects.toThrow();
  });

  it('makes a bucket and puts an upload in parts together', async () => {
    await s3.makeBucket('large-ones');
    const large = Buffer.alloc(11 * 1024 * 1024, 'x');
    await s3.putObject(
      'large-ones',
      'video',
      (await import('node:stream')).Readable.from([large.subarray(0, 6_000_000), large.subarray(6_000_000)]),
    );
    expect((await s3.statObject('large-ones', 'video')).size).toBe(large.length);
  });

  it('refuses the wrong secret and an unknown key', async () => {
    await expect(
      clientWith({ ...credentials, secretKey: 'wrong' }).putObject(bucket, 'no', photo),
    ).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
    await expect(clientWith({ ...credentials, accessKey: 'nobody' }).statObject(bucket, 'no')).rejects.toThrow();
    await expect(s3.statObject(bucket, 'no')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('refuses a body that is not the signed one, and stores nothing of it', async () => {
    const signed = await signedPut('swapped', photo);
    expect(await send({ ...signed, body: Buffer.from('other bytes, but of the very same length!!') })).toMatchObject({
      status: 400,
      code: 'XAmzContentSHA256Mismatch',
    });
    await expect(s3.statObject(bucket, 'swapped')).rejects.toThrow();
    expect(await spooled()).toEqual([]);
  });

  it('takes a signature for its path, its method and its headers only', async () => {
    const signed = await signedPut('mine', photo);
    expect(await send({ ...signed, path: `/${bucket}/yours` })).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
    expect(await send({ ...signed, method: 'DELETE' })).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    expect(await send({ ...signed, headers: { ...signed.headers, 'x-amz-meta-by': 'eve' } })).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    });
    expect(await send({ ...signed, headers: { ...signed.headers, 'x-amz-date': '20200101T000000Z' } })).toMatchObject({
      status: 400,
      code: 'AuthorizationHeaderMalformed',
    });
    expect(
      await send({
        ...signed,
        headers: { ...signed.headers, 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
      }),
    ).toMatchObject({ status: 501, code: 'NotImplemented' });
  });
});

describe('an object store that nobody in particular asks', () => {
  it.each([['GET'], ['HEAD'], ['PUT'], ['DELETE']])('refuses %s without a signature', async (method) => {
    await s3.putObject(bucket, 'private', photo);
    const answer = await fetch(`${url}/${bucket}/private`, { method, ...(method === 'PUT' && { body: 'mine now' }) });
    expect(answer.status).toBe(403);
    expect(await read(await s3.getObject(bucket, 'private'))).toEqual(photo);
  });

  it('lists neither buckets nor objects', async () => {
    expect(await failure(await fetch(url))).toEqual({ status: 403, code: 'AccessDenied' });
    expect(await failure(await fetch(`${url}/${bucket}?list-type=2`))).toEqual({ status: 403, code: 'AccessDenied' });
  });

  it('serves nothing outside of its folder', async () => {
    expect(await send({ method: 'GET', path: `/${bucket}/..%2f..%2fcredentials.json`, headers: {} })).toMatchObject({
      status: 400,
    });
    expect(await send({ method: 'GET', path: '/../../etc/passwd', headers: {} })).toMatchObject({ status: 400 });
  });

  it('answers a browser that asks what it may send', async () => {
    const answer = await fetch(`${url}/${bucket}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
  });
});

describe('presigned addresses', () => {
  it('open one object for a while, with a content type of the signer’s choice', async () => {
    await s3.putObject(bucket, 'shown', photo);
    const address = await s3.presignedGetObject(bucket, 'shown', 60, { 'response-content-type': 'image/webp' });
    const answer = await fetch(address);
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(photo);
    expect((await fetch(address, { method: 'PUT', body: 'x' })).status).toBe(403);
    expect(await failure(await fetch(address.replace('/shown?', '/private?')))).toEqual({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
    expect(await failure(await fetch(address.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')))).toEqual({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
  });

  it('end when their time is up', async () => {
    const address = await s3.presignedUrl('GET', bucket, 'shown', 60, {}, new Date(Date.now() - 120_000));
    expect(await failure(await fetch(address))).toEqual({ status: 403, code: 'AccessDenied' });
  });

  it('take bytes where they are made for PUT', async () => {
    const address = await s3.presignedPutObject(bucket, 'sent', 60);
    expect((await fetch(address, { method: 'PUT', body: photo })).status).toBe(200);
    expect(await read(await s3.getObject(bucket, 'sent'))).toEqual(photo);
  });
});

describe('uploads by a policy', () => {
  async function form(
    change: {
      policy?: { expires?: number; min?: number; max?: number; key?: string };
      fields?: Record<string, string>;
      without?: string[];
      body?: Buffer;
      after?: Record<string, string>;
    } = {},
  ) {
    const policy = s3.newPostPolicy();
    policy.setBucket(bucket);
    policy.setKey(change.policy?.key ?? 'up/one.jpg');
    policy.setContentType('image/jpeg');
    policy.setContentLengthRange(change.policy?.min ?? 1, change.policy?.max ?? 1000);
    policy.setExpires(new Date(Date.now() + (change.policy?.expires ?? 60_000)));
    const { postURL, formData } = await s3.presignedPostPolicy(policy);
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...formData, ...change.fields }))
      if (!change.without?.includes(name)) data.append(name, value);
    data.append('file', new Blob([change.body ?? photo]), 'one.jpg');
    for (const [name, value] of Object.entries(change.after ?? {})) data.append(name, value);
    return fetch(postURL, { method: 'POST', body: data, headers: { origin: 'http://localhost:3000' } });
  }

  const isThere = (key: string) =>
    s3.statObject(bucket, key).then(
      () => true,
      () => false,
    );

  afterEach(async () => {
    await s3.removeObject(bucket, 'up/one.jpg');
    expect(await spooled()).toEqual([]);
  });

  it('put the file under the signed key with the signed type', async () => {
    const answer = await form();
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(await read(await s3.getObject(bucket, 'up/one.jpg'))).toEqual(photo);
    expect((await s3.statObject(bucket, 'up/one.jpg')).metaData).toMatchObject({ 'content-type': 'image/jpeg' });
  });

  it.each([
    ['a file that is too large', { policy: { max: 10 } }, 400, 'EntityTooLarge'],
    ['a file of many megabytes where a kilobyte was agreed', { body: Buffer.alloc(20_000_000) }, 400, 'EntityTooLarge'],
    ['a file that is too small', { policy: { min: 100 } }, 400, 'EntityTooSmall'],
    ['an empty file', { body: Buffer.alloc(0) }, 400, 'EntityTooSmall'],
    ['a policy whose time is up', { policy: { expires: -1000 } }, 403, 'AccessDenied'],
    ['another key', { fields: { key: 'up/two.jpg' } }, 403, 'AccessDenied'],
    ['another content type', { fields: { 'Content-Type': 'text/html' } }, 403, 'AccessDenied'],
    ['another bucket in the form', { fields: { bucket: 'large-ones' } }, 403, 'AccessDenied'],
    ['a field that the policy does not mention', { fields: { 'x-amz-meta-admin': 'yes' } }, 403, 'AccessDenied'],
    ['an acl that the policy does not mention', { fields: { acl: 'public-read' } }, 403, 'AccessDenied'],
    ['a form without its content type', { without: ['Content-Type'] }, 403, 'AccessDenied'],
    ['a form without a policy', { without: ['policy'] }, 403, 'AccessDenied'],
    ['a form without a signature', { without: ['x-amz-signature'] }, 400, 'InvalidArgument'],
    ['a wrong signature', { fields: { 'x-amz-signature': '0'.repeat(64) } }, 403, 'SignatureDoesNotMatch'],
    [
      'another policy under the same signature',
      {
        fields: {
          policy: Buffer.from(JSON.stringify({ expiration: '2999-01-01T00:00:00Z', conditions: [] })).toString(
            'base64',
          ),
        },
      },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'a credential of somebody else',
      {
        fields: {
          'x-amz-credential': `eve/${new Date().toISOString().slice(0, 10).replaceAll('-', '')}/us-east-1/s3/aws4_request`,
        },
      },
      403,
      'InvalidAccessKeyId',
    ],
  ])('refuse %s', async (_what, change, status, code) => {
    expect(await failure(await form(change))).toEqual({ status, code });
    expect(await isThere('up/one.jpg')).toBe(false);
    expect(await isThere('up/two.jpg')).toBe(false);
  });

  it('to another bucket than the policy names are refused', async () => {
    const policy = s3.newPostPolicy();
    policy.setBucket(bucket);
    policy.setKey('up/one.jpg');
    policy.setExpires(new Date(Date.now() + 60_000));
    const { formData } = await s3.presignedPostPolicy(policy);
    const data = new FormData();
    for (const [name, value] of Object.entries(formData)) data.append(name, value);
    data.append('file', new Blob([photo]), 'x');
    expect(await failure(await fetch(`${url}/large-ones`, { method: 'POST', body: data }))).toEqual({
      status: 403,
      code: 'AccessDenied',
    });
  });

  it('that break off in the middle leave nothing', async () => {
    const policy = s3.newPostPolicy();
    policy.setBucket(bucket);
    policy.setKey('up/one.jpg');
    policy.setContentType('image/jpeg');
    policy.setExpires(new Date(Date.now() + 60_000));
    const { formData } = await s3.presignedPostPolicy(policy);
    const part = (name: string, value: string) =>
      `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const start =
      Object.entries(formData)
        .map(([name, value]) => part(name, value))
        .join('') + '--edge\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nhalf a pho';
    const sending = request({
      host: '127.0.0.1',
      port: store.port,
      path: `/${bucket}`,
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=edge', 'content-length': 5000 },
    });
    sending.on('error', () => undefined);
    sending.write(start);
    await until(async () => (await spooled()).length === 1);
    sending.destroy();
    await until(async () => (await spooled()).length === 0);
    expect(await isThere('up/one.jpg')).toBe(false);
  });
});

async function until(condition: () => Promise<boolean>) {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not come true within 5 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A PUT as the client signs it, caught before it is sent, so that a test can bend one part of it. */
async function signedPut(key: string, body: Buffer) {
  const caught = await new Promise<{ method: string; path: string; headers: Record<string, string> }>(
    (resolve, reject) => {
      const spy = clientWith(credentials);
      spy.setRequestOptions({});
      Object.assign(spy, {
        transport: {
          request(options: { method: string; path: string; headers: Record<string, string> }) {
            resolve(options);
            return request({ host: '127.0.0.1', port: store.port, path: '/', method: 'HEAD' });
          },
        },
        regionMap: { [bucket]: 'us-east-1' },
      });
      spy.putObject(bucket, key, body).catch(reject);
    },
  );
  return { method: caught.method, path: caught.path, headers: caught.headers, body };
}

function send({
  method,
  path,
  headers,
  body,
}: {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}) {
  return new Promise<{ status: number; code?: string }>((resolve, reject) => {
    const sending = request({ host: '127.0.0.1', port: store.port, method, path, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] }));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}
