import { S3Error } from './s3-error.mjs';
import { decode } from './s3-signature.mjs';

/**
 * A key pair; one with a bucket opens that bucket and nothing else, as the policy of a user does.
 * @typedef {{ accessKey: string, secretKey: string, bucket?: string }} Keys
 */

/**
 * Whose signature a request says that it has: the first of these keys where it is nobody's, which then refuses it.
 * @param {readonly Keys[]} keys
 * @param {string | undefined} credential as S3 writes it: the access key, then its scope behind slashes
 */
export const signerOf = (keys, credential = '') =>
  keys.find(({ accessKey }) => credential.split('/', 1)[0] === accessKey) ?? keys[0];

/** The credential of a request that is signed by its headers or by its query. */
export const credentialOf = ({ authorization = '' }, query) =>
  /\bCredential=([^,\s]+)/.exec(authorization)?.[1] ??
  query.find(([name]) => name.toLowerCase() === 'x-amz-credential')?.[1];

/** Throws for what a key of one bucket may not do: reach another bucket, make or remove its own, list them all. */
export function checkReach({ bucket }, { method, headers, target, query }) {
  if (bucket === undefined) return;
  const source = headers['x-amz-copy-source'];
  const isForeign =
    target.bucket !== bucket || (source !== undefined && !decode(source).replace(/^\//, '').startsWith(`${bucket}/`));
  const isRead = method === 'GET' || method === 'HEAD';
  const isOfBucket = target.key === '' && !isRead && !(method === 'POST' && query.some(([name]) => name === 'delete'));
  if (isForeign || isOfBucket) throw new S3Error('AccessDenied', 'Access Denied.');
}
