import { constants } from 'node:zlib';
import type { FastifyCompressOptions } from '@fastify/compress';

/**
 * How answers are compressed for who asks for it. Registered where an answer holds no secret beside what a foreign page can make it
 * repeat: never under /auth, whose answers hold tokens. What is small is compressed at once, the rest outside of the event loop.
 */
export const COMPRESSION: FastifyCompressOptions = {
  encodings: ['br', 'gzip'],
  threshold: 1_024,
  syncThreshold: 8 * 1_024,
  // A window of 256 kB and a low quality: memory and time of one answer are bounded, and the answer is still a fifth.
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_LGWIN]: 18 } },
  zlibOptions: { level: 4 },
  // A body that grows when it is unpacked would pass the bound of its size.
  globalDecompression: false,
};
