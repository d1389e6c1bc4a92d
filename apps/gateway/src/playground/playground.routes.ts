import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { serveDeveloperPages } from '../http/developer-pages.js';
import { page } from './playground.page.js';
import { script } from './playground.script.js';

const TYPES: Record<string, string> = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' };
/** Everything comes from this server, so that the page works without the internet; pictures go to and come from the object store. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: http: https:; font-src 'self' data:; connect-src 'self' ws: wss: http: https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** /playground: GraphiQL from its npm bundle, for development. */
export async function playgroundRoutes(app: FastifyInstance): Promise<void> {
  const files = bundleFiles();
  await serveDeveloperPages(app);
  app.get('/playground', (_request, reply) =>
    reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', POLICY).send(page),
  );
  app.get('/playground/assets/playground.js', (_request, reply) =>
    reply.header('content-type', TYPES['.js']).send(script),
  );
  app.get<{ Params: { name: string } }>('/playground/assets/:name', async (request, reply) => {
    const file = files.get(request.params.name);
    if (!file) return reply.callNotFound();
    return reply.sendFile(basename(file), dirname(file));
  });
}

/** The files that may be asked for, by name. They are development packages, so they are looked for only here. */
function bundleFiles(): Map<string, string> {
  const find = createRequire(import.meta.url);
  const folder = (name: string) => dirname(find.resolve(`${name}/package.json`));
  const client = join(folder('graphql-ws'), 'dist');
  const modules = readdirSync(client).filter((name) => name === 'client.js' || /^common-.*\.js$/.test(name));
  return new Map([
    ['graphiql.js', join(folder('graphiql'), 'graphiql.min.js')],
    ['graphiql.css', join(folder('graphiql'), 'graphiql.min.css')],
    ['react.js', join(folder('react'), 'umd/react.production.min.js')],
    ['react-dom.js', join(folder('react-dom'), 'umd/react-dom.production.min.js')],
    ...modules.map((name) => [name, join(client, name)] as const),
  ]);
}
