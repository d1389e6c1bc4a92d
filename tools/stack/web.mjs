import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import { root } from './files.mjs';

/**
 * Serves the web app as any web server may: its files as they are, and its one page for every other path.
 * @param {object} options
 * @param {number} [options.port] a free one if left out
 * @param {string} options.apiUrl where browsers reach the gateway
 * @param {string} options.pictureUrl where they reach the object store
 * @param {string} [options.folder] what tools/build/web.mjs has built
 * @param {{ username: string, email: string, password: string }[]} [options.demo] who may sign in with one tap, as on the machine of a developer
 */
export async function serveWeb({ port = 0, apiUrl, pictureUrl, demo = [], folder = join(root, 'dist/web') }) {
  const policy = contentPolicy(apiUrl, new URL(pictureUrl).origin);
  const app = fastify({ forceCloseConnections: true });
  const showPage = (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' })
      .send(pageFor(folder, { 'fowergram-api': apiUrl, 'fowergram-demo': JSON.stringify(demo) }));
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    dotfiles: 'ignore',
    // It is never sent as it is.
    allowedPath: (path) => path !== '/index.html',
    setHeaders: (reply, path) =>
      void (path.includes('/assets/') && reply.header('cache-control', 'public, max-age=31536000, immutable')),
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
  });
  app.setNotFoundHandler((request, reply) =>
    request.method === 'GET' && !request.url.startsWith('/assets/') ? showPage(request, reply) : reply.code(404).send(),
  );
  app.get('/', showPage);
  await app.listen({ port, host: '127.0.0.1' });
  const url = `http://localhost:${app.server.address().port}`;
  return { url, close: () => app.close() };
}

/** Read each time, since a build in this checkout names its scripts anew. */
const pageFor = (folder, values) =>
  Object.entries(values).reduce(
    (page, [name, value]) =>
      page.replace(new RegExp(`(name="${name}" content=")[^"]*`), (_all, start) => start + escaped(value)),
    readFileSync(join(folder, 'index.html'), 'utf8'),
  );

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** A page of ours runs our scripts and speaks with our servers, and nothing else. */
function contentPolicy(apiUrl, pictureOrigin) {
  const socket = apiUrl.replace(/^http/, 'ws');
  const rules = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': `'self' blob: ${pictureOrigin}`,
    'connect-src': `'self' ${apiUrl} ${socket} ${pictureOrigin}`,
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(rules)
    .map((rule) => rule.join(' '))
    .join('; ');
}
