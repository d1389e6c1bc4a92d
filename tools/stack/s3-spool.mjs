import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { S3Error } from './s3-error.mjs';

/** A folder for bodies that have not been judged yet: nothing gets into the store before its size and hash are known. */
export function spoolFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true });
  return {
    /** @returns {Promise<{ file: string, size: number, sha256: string, md5: string, discard(): Promise<void>, read(): import('node:fs').ReadStream }>} */
    async take(source, { minBytes = 0, maxBytes = Infinity } = {}) {
      const file = join(folder, randomBytes(12).toString('hex'));
      const hashes = { sha256: createHash('sha256'), md5: createHash('md5') };
      let size = 0;
      const judge = new Transform({
        transform(chunk, _encoding, done) {
          size += chunk.length;
          hashes.sha256.update(chunk);
          hashes.md5.update(chunk);
          done(
            size > maxBytes
              ? new S3Error(
                  'EntityTooLarge',
                  `Your proposed upload exceeds the maximum allowed size of ${maxBytes} bytes.`,
                )
              : null,
            chunk,
          );
        },
      });
      const discard = () => rm(file, { force: true });
      try {
        await pipeline(source, judge, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
        if (size < minBytes)
          throw new S3Error(
            'EntityTooSmall',
            `Your proposed upload is smaller than the minimum allowed size of ${minBytes} bytes.`,
          );
      } catch (error) {
        await discard();
        throw error;
      }
      return {
        file,
        size,
        sha256: hashes.sha256.digest('hex'),
        md5: hashes.md5.digest('base64'),
        discard,
        read: () => createReadStream(file),
      };
    },
  };
}
