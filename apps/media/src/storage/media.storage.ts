import { Inject, Injectable } from '@nestjs/common';
import { Client } from 'minio';
import { AppError } from '@fowergram/contracts-core';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import { createUrlSigner, expiryOf } from './presign.rules.js';

export interface SignedForm {
  url: string;
  fields: { name: string; value: string }[];
}
export interface StoredObject {
  key: string;
  modifiedAt: Date;
}

/** Named so that the client need not ask the store for it; MinIO has this one by default. */
const REGION = 'us-east-1';
const REQUEST_TIMEOUT_MS = 2_000;
const TRANSFER_TIMEOUT_MS = 30_000;
/** Other forbidden errors are of what the keys may do, and end when somebody allows it. */
const FORBIDDEN_ERRORS = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch']);
const ABSENT = new Set(['NotFound', 'NoSuchKey']);
/** A variant never changes under its name. Private: only the holder of the address may cache a copy, not a proxy on the way. */
const CACHE_CONTROL = 'private, max-age=31536000, immutable';

/** Nobody has looked at these bytes yet: a browser that gets hold of them saves them and shows nothing. */
const UPLOAD_DISPOSITION = 'attachment';

/** The object store, as plain S3. What the store does not answer in time is UNAVAILABLE. */
@Injectable()
export class MediaStorage {
  /** The presigned GET address of an object, for the host that clients see. */
  readonly urlOf: (key: string) => string;
  /** When the addresses that are signed now end. */
  readonly urlsExpireAt = () => expiryOf(Date.now());
  private readonly inside: Client;
  private readonly outside: Client;
  private readonly bucket: string;

  constructor(
    @Inject(CONFIG)
    config: Pick<
      Config,
      'MINIO_ENDPOINT' | 'MINIO_PUBLIC_ENDPOINT' | 'MINIO_ACCESS_KEY' | 'MINIO_SECRET_KEY' | 'MINIO_BUCKET'
    >,
  ) {
    const keys = { accessKey: config.MINIO_ACCESS_KEY, secretKey: config.MINIO_SECRET_KEY };
    const publicEndpoint = config.MINIO_PUBLIC_ENDPOINT ?? config.MINIO_ENDPOINT;
    this.bucket = config.MINIO_BUCKET;
    this.inside = clientFor(config.MINIO_ENDPOINT, keys);
    this.outside = clientFor(publicEndpoint, keys);
    this.urlOf = createUrlSigner({ endpoint: publicEndpoint, bucket: this.bucket, region: REGION, ...keys });
  }

  /** Signs a form for exactly this key, type and size; it is computed here, the store is not asked. */
  async signUpload(upload: {
    key: string;
    contentType: string;
    byteSize: number;
    expiresAt: Date;
  }): Promise<SignedForm> {
    const policy = this.outside.newPostPolicy();
    policy.setBucket(this.bucket);
    policy.setKey(upload.key);
    policy.setContentType(upload.contentType);
    policy.setContentDisposition(UPLOAD_DISPOSITION);
    policy.setContentLengthRange(upload.byteSize, upload.byteSize);
    policy.setExpires(upload.expiresAt);
    const { postURL, formData } = await this.outside.presignedPostPolicy(policy);
    return { url: postURL, fields: Object.entries(formData).map(([name, value]) => ({ name, value: String(value) })) };
  }

  /** The size of an object, or undefined when it is not there. */
  async findSize(key: string): Promise<number | undefined> {
    const stat = await withTimeout(() => this.inside.statObject(this.bucket, key), REQUEST_TIMEOUT_MS).catch(absent);
    return stat?.size;
  }

  /** The bytes of an object, or undefined when it is not there; stops to read soon after `maxBytes`. */
  async download(key: string, maxBytes: number): Promise<Buffer | undefined> {
    const stream = await withTimeout(() => this.inside.getObject(this.bucket, key), REQUEST_TIMEOUT_MS).catch(absent);
    if (!stream) return undefined;
    const timer = setTimeout(() => stream.destroy(new Error('the store sends too slowly')), TRANSFER_TIMEOUT_MS);
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxBytes) break;
      }
      return Buffer.concat(chunks);
    } catch (error) {
      throw unavailable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async putVariant(key: string, bytes: Buffer, contentType: string): Promise<void> {
    const headers = { 'Content-Type': contentType, 'Cache-Control': CACHE_CONTROL };
    await withTimeout(() => this.inside.putObject(this.bucket, key, bytes, bytes.length, headers), TRANSFER_TIMEOUT_MS);
  }

  /** Moves an object within the store, over what is there; one that is not there was moved before. */
  async move(from: string, to: string): Promise<void> {
    const copy = () => this.inside.copyObject(this.bucket, to, `/${this.bucket}/${from}`);
    const copied = await withTimeout(copy, TRANSFER_TIMEOUT_MS).then(() => true, absent);
    if (copied) await this.remove([from]);
  }

  /** Removes objects; those that are not there are no failure. */
  async remove(keys: string[]): Promise<void> {
    for (const key of keys) await withTimeout(() => this.inside.removeObject(this.bucket, key), REQUEST_TIMEOUT_MS);
  }

  /** Removes up to 1,000 objects of a folder; false when there was none. */
  async removeFolder(prefix: string): Promise<boolean> {
    const objects = await this.list({ prefix, limit: 1_000 });
    await this.remove(objects.map((object) => object.key));
    return objects.length > 0;
  }

  /** The objects after a key, in the order of their keys. */
  async list({
    prefix = '',
    after = '',
    limit,
  }: {
    prefix?: string;
    after?: string;
    limit: number;
  }): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    const stream = this.inside.listObjectsV2(this.bucket, prefix, true, after);
    const timer = setTimeout(() => stream.destroy(new Error('the store lists too slowly')), TRANSFER_TIMEOUT_MS);
    try {
      for await (const { name, lastModified } of stream as AsyncIterable<{ name?: string; lastModified?: Date }>) {
        if (name && lastModified) objects.push({ key: name, modifiedAt: lastModified });
        if (objects.length === limit) break;
      }
      return objects;
    } catch (error) {
      throw unavailable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Makes the bucket if it is missing. A new bucket is private; nothing here ever opens it. */
  async ensureBucket(): Promise<void> {
    if (await withTimeout(() => this.inside.bucketExists(this.bucket), REQUEST_TIMEOUT_MS)) return;
    await withTimeout(() => this.inside.makeBucket(this.bucket, REGION), TRANSFER_TIMEOUT_MS).catch(
      async (error: unknown) => {
        // Another replica may have made it in between.
        if (!(await withTimeout(() => this.inside.bucketExists(this.bucket), REQUEST_TIMEOUT_MS))) throw error;
      },
    );
  }

  /** Whether a request failed since the store does not know the keys. A question for the bucket has no answer that would say why. */
  async refusesKeys(failed: unknown): Promise<boolean> {
    if (codeOf((failed as Error).cause) !== 'AccessDenied') return false;
    const failure = await this.list({ limit: 1 }).then(
      () => undefined,
      (error: Error) => error.cause,
    );
    return FORBIDDEN_ERRORS.has(codeOf(failure));
  }

  /** Throws unless the store answers and has the bucket. */
  async ping(): Promise<void> {
    if (!(await withTimeout(() => this.inside.bucketExists(this.bucket), REQUEST_TIMEOUT_MS)))
      throw new Error('the bucket does not exist');
  }
}

function clientFor(endpoint: string, keys: { accessKey: string; secretKey: string }): Client {
  const { hostname, port, protocol } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  // Who calls decides about another try; the client's own would print to the console.
  return new Client({
    endPoint: hostname,
    port: port ? Number(port) : useSSL ? 443 : 80,
    useSSL,
    region: REGION,
    retryOptions: { disableRetry: true },
    ...keys,
  });
}

/**
 * The client itself waits for ever: a store that hangs must not hang the request. A connection that the store had just closed as
 * idle is found out by the next request on it, so that one is made again; all that is asked of the store may be asked twice.
 */
async function withTimeout<T>(ask: () => Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  const asked = ask().catch((error: unknown) => (isCutOff(error) ? ask() : Promise.reject(error)));
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    throw isAbsence(error) ? error : unavailable(error);
  } finally {
    clearTimeout(timer);
  }
}

function absent(error: unknown): undefined {
  if (isAbsence(error)) return undefined;
  throw error;
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code);
const isAbsence = (error: unknown): boolean => ABSENT.has(codeOf(error));
const isCutOff = (error: unknown): boolean => codeOf(error) === 'ECONNRESET' || codeOf(error) === 'EPIPE';

function unavailable(cause: unknown): AppError {
  return new AppError('UNAVAILABLE', 'The object store does not answer. Please try again.', {}, { cause });
}
