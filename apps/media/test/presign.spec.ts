import { Client } from 'minio';
import { MediaStorage } from '../src/storage/media.storage.js';
import { createUrlSigner } from '../src/storage/presign.rules.js';

const options = {
  endpoint: 'https://media.example.com',
  bucket: 'pictures',
  region: 'us-east-1',
  accessKey: 'key',
  secretKey: 'secret',
};
const key = 'variants/01900000-0000-7000-8000-000000000000/w320.webp';
const at = (time: string) => Date.parse(`2026-11-21T${time}Z`);

describe('The address of a variant', () => {
  it('is the one that the S3 client would sign for two hours from the start of the hour', async () => {
    const client = new Client({
      endPoint: 'media.example.com',
      useSSL: true,
      region: options.region,
      accessKey: options.accessKey,
      secretKey: options.secretKey,
    });
    const expected = new URL(await client.presignedGetObject(options.bucket, key, 7_200, {}, new Date(at('10:00:00'))));
    const actual = new URL(createUrlSigner(options)(key, at('10:30:00')));
    expect([actual.origin, actual.pathname]).toEqual([expected.origin, expected.pathname]);
    expect(Object.fromEntries(actual.searchParams)).toEqual(Object.fromEntries(expected.searchParams));
  });

  it.each([
    ['https://media.example.com', 'https://media.example.com'],
    ['http://localhost', 'http://localhost'],
    ['http://localhost:9000/', 'http://localhost:9000'],
  ])('is one of %s, like that of an upload, though the service goes elsewhere', async (endpoint, origin) => {
    const storage = new MediaStorage({
      MINIO_ENDPOINT: 'http://minio:9000',
      MINIO_PUBLIC_ENDPOINT: endpoint,
      MINIO_ACCESS_KEY: 'key',
      MINIO_SECRET_KEY: 'secret',
      MINIO_BUCKET: 'pictures',
    });
    const { url } = await storage.signUpload({
      key: 'uploads/a/b',
      contentType: 'image/png',
      byteSize: 7,
      expiresAt: new Date(at('10:05:00')),
    });
    expect(new URL(url).href.replace(/\/$/, '')).toBe(`${origin}/pictures`);
    expect(storage.urlOf(key).startsWith(`${origin}/pictures/${key}?`)).toBe(true);
  });

  it('stays the same within an hour and is another one in the next', () => {
    const sign = createUrlSigner(options);
    const first = sign(key, at('10:00:00'));
    expect(sign(key, at('10:59:59'))).toBe(first);
    expect(sign(key, at('11:00:00'))).not.toBe(first);
    expect(sign(key, at('10:59:59'))).toBe(first);
  });

  it('lives for at least an hour from the moment it is given out', () => {
    const { searchParams } = new URL(createUrlSigner(options)(key, at('10:59:59')));
    const endsAt = at('10:00:00') + Number(searchParams.get('X-Amz-Expires')) * 1_000;
    expect(endsAt - at('10:59:59')).toBeGreaterThan(3_600_000);
  });

  it('is another one for another key, bucket, host or secret', () => {
    const now = at('10:00:00');
    const signatures = [
      createUrlSigner(options)(key, now),
      createUrlSigner(options)(`${key}x`, now),
      createUrlSigner({ ...options, bucket: 'others' })(key, now),
      createUrlSigner({ ...options, endpoint: 'https://media.example.com:9000' })(key, now),
      createUrlSigner({ ...options, secretKey: 'other' })(key, now),
    ].map((url) => new URL(url).searchParams.get('X-Amz-Signature'));
    expect(new Set(signatures).size).toBe(5);
  });

  it('costs so little that sixty of them take well below a millisecond', () => {
    const sign = createUrlSigner(options);
    const page = () => {
      const startedAt = process.hrtime.bigint();
      for (let index = 0; index < 60; index++) sign(`variants/${index}/w320.webp`, at('10:00:00'));
      return Number(process.hrtime.bigint() - startedAt) / 1e6;
    };
    // The best of many: what else runs on the machine is not what is measured.
    expect(Math.min(...Array.from({ length: 300 }, page))).toBeLessThan(1);
  });
});
