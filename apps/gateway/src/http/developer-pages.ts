import compress from '@fastify/compress';
import etag from '@fastify/etag';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { COMPRESSION } from './compression.js';

/** Lets these routes serve pages for developers and the files of packages that they load: compressed, and with an ETag. */
export async function serveDeveloperPages(app: FastifyInstance): Promise<void> {
  await app.register(compress, COMPRESSION);
  await app.register(etag, { weak: true });
  await app.register(staticFiles, { root: import.meta.dirname, serve: false, cacheControl: false });
  // The same for everybody: a browser keeps it, and asks each time whether it is still the same.
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-cache');
    done();
  });
}
