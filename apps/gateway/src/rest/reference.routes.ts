import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { serveDeveloperPages } from '../http/developer-pages.js';

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js'];
/** Everything comes from this server, so that the page works without the internet. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Wide tables would push the page sideways on a phone. */
const STYLE = 'body { margin: 0; } .swagger-ui .wrapper { box-sizing: border-box; } .swagger-ui { overflow-x: auto; }';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Fowergram REST reference</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/api/docs/assets/swagger-ui.css">
    <style>${STYLE}</style>
  </head>
  <body>
    <main id="reference">Loading …</main>
    <script src="/api/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/api/docs/assets/reference.js"></script>
  </body>
</html>
`;

const SCRIPT = `SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  validatorUrl: null,
});
`;

/** /api/docs: the reference of the REST interface by Swagger UI, from its npm package, for development. */
export async function referenceRoutes(app: FastifyInstance): Promise<void> {
  // A package for development, so it is looked for only here.
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  await serveDeveloperPages(app);
  app.get('/api/docs', (_request, reply) =>
    reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', POLICY).send(PAGE),
  );
  app.get('/api/docs/assets/reference.js', (_request, reply) =>
    reply.header('content-type', 'text/javascript; charset=utf-8').send(SCRIPT),
  );
  app.get<{ Params: { name: string } }>('/api/docs/assets/:name', async (request, reply) =>
    FILES.includes(request.params.name) ? reply.sendFile(request.params.name, folder) : reply.callNotFound(),
  );
}
