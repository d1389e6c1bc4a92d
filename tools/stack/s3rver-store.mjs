import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const objectSuffix = '._S3rver_object';

/**
 * Mends what s3rver's folder store gets wrong for a service that is killed and restarted under load: objects appear whole or not
 * at all, deleting one never takes a neighbour with it, and lists are in the order of their keys.
 * @param {any} store an s3rver FilesystemStore
 * @param {string} halves a folder on the same file system for objects that are still being written
 */
export function mendStore(store, halves) {
  const path = (bucket, key, resource) => store.getResourcePath(bucket, key, resource);

  store.putObject = async ({ bucket, key, content, metadata }) => {
    const half = join(halves, `${randomBytes(12).toString('hex')}.object`);
    const target = path(bucket, key, 'object');
    try {
      const [size, md5] = await store.putContent(half, content);
      await mkdir(dirname(target), { recursive: true });
      await store.putMetadata(bucket, key, metadata, md5);
      await rename(half, target);
      return { size, md5 };
    } finally {
      await rm(half, { force: true });
    }
  };

  // Folders stay: removing an empty one races with a put that has just made sure it exists.
  store.deleteObject = async (bucket, key) => {
    for (const resource of ['object', 'object.md5', 'metadata.json'])
      await unlink(path(bucket, key, resource)).catch(ignoreAbsent);
  };

  const getObject = store.getObject.bind(store);
  // @NOTE An end of 0 counts as "no end" there; a boxed 0 is true enough to be taken for what it is.
  store.getObject = (bucket, key, options) =>
    getObject(bucket, key, options?.end === 0 ? { ...options, end: Object(0) } : options);

  store.listObjects = async (
    bucket,
    { delimiter = '', startAfter: after = '', prefix = '', maxKeys = Infinity, encodingType },
  ) => {
    // The continuation token is made of the key as it was listed, so it comes back in the same spelling.
    const [spell, startAfter] = encodingType === 'url' ? [urlKey, fromUrlKey(after)] : [String, after];
    const keys = await allKeys(store.getBucketPath(bucket));
    const objects = [];
    const commonPrefixes = new Set();
    let isTruncated = false;
    for (const key of keys.filter((candidate) => candidate > startAfter && candidate.startsWith(prefix)).sort()) {
      const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
      if (cut !== -1) {
        commonPrefixes.add(key.slice(0, cut + delimiter.length));
        continue;
      }
      isTruncated = objects.length >= maxKeys;
      if (isTruncated) break;
      const metadata = await store.getMetadata(bucket, key).catch(ignoreAbsent);
      if (metadata) objects.push(listed(spell(key), metadata));
    }
    return { objects, commonPrefixes: [...commonPrefixes].sort().map(spell), isTruncated };
  };
}

const urlKey = (key) => key.split('/').map(encodeURIComponent).join('/');

function fromUrlKey(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function listed(key, metadata) {
  return {
    key,
    metadata,
    size: Number(metadata['content-length']),
    lastModifiedDate: new Date(metadata['last-modified']),
  };
}

async function allKeys(bucketPath) {
  const entries = await readdir(bucketPath, { recursive: true }).catch(ignoreAbsent);
  return (entries ?? [])
    .filter((entry) => entry.endsWith(objectSuffix))
    .map((entry) => entry.slice(0, -objectSuffix.length).replaceAll('\\', '/'));
}

function ignoreAbsent(error) {
  if (error.code !== 'ENOENT') throw error;
}
