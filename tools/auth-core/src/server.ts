import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { about } from './about.js';
import { accountLinking } from './account-linking.js';
import { parseAddress, PUBLIC, type Address } from './address.js';
import { Apps, missingApp, unknownTenant, type App } from './apps.js';
import { defaultSettings } from './core-config.js';
import type { Core } from './core.js';
import { Database } from './database.js';
import { emailPassword } from './email-password.js';
import { emailVerification } from './email-verification.js';
import { startHousekeeping } from './housekeeping.js';
import { Input } from './input.js';
import { jwt } from './jwt.js';
import { Keys } from './keys.js';
import { licence, type Feature } from './licence.js';
import { metadata } from './metadata.js';
import { multitenancy } from './multitenancy.js';
import { isPassword, type PasswordCheck } from './password.js';
import { passwordless } from './passwordless.js';
import { recipeUser } from './recipe-user.js';
import { roles } from './roles.js';
import { rotation } from './rotation.js';
import type { Handler, Recipe, RouteName } from './route.js';
import { applySchema } from './schema.js';
import { sessions } from './sessions.js';
import { tenantUsers } from './tenant-users.js';
import { thirdPartyConfig } from './third-party-config.js';
import { thirdParty } from './third-party.js';
import { totp } from './totp.js';
import { answerErrors, checkApiKey, checkVersion, readFields, readJsonBodies } from './transport.js';
import { userIdMapping } from './user-id-mapping.js';
import { users } from './users.js';

export interface ServerOptions {
  databaseUrl: string;
  /** Without keys nobody is asked for one. */
  apiKeys?: string[];
  accessTokenValiditySeconds?: number;
  /** What needs a licence is refused unless it is named here. */
  features?: Feature[];
  /** Making an app is sold too; it is free here unless this is set, which shows how a real core answers. */
  appsNeedLicence?: boolean;
  /** For how long a request waits for a connection to the database. */
  databaseWaitMs?: number;
  now?: () => number;
  isPassword?: PasswordCheck;
}

/** Whoever has not sent a whole request by then has left. */
const REQUEST_TIMEOUT_MS = 30_000;

const recipes: Recipe[] = [
  about,
  licence,
  multitenancy,
  tenantUsers,
  thirdPartyConfig,
  users,
  userIdMapping,
  emailPassword,
  thirdParty,
  passwordless,
  recipeUser,
  emailVerification,
  accountLinking,
  totp,
  rotation,
  sessions,
  jwt,
  roles,
  metadata,
];

/** The whole stand-in, ready to listen; closing it closes its database connections. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const core = await openCore(options);
  const addresses = new WeakMap<IncomingMessage, Address>();
  const apps = new WeakMap<IncomingMessage, App | undefined>();
  const server = fastify({
    logger: { level: 'warn' },
    exposeHeadRoutes: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true },
    rewriteUrl: (request) => {
      const address = parseAddress(request.url ?? '/');
      addresses.set(request, address);
      return address.path;
    },
  });
  readJsonBodies(server);
  answerErrors(server);
  server.addHook('onRequest', async ({ raw }) => void apps.set(raw, await core.apps.find(addresses.get(raw)!.appId)));
  server.addHook(
    'onRequest',
    checkApiKey(options.apiKeys ?? [], ({ raw }) => apps.get(raw)?.apiKeys),
  );
  server.addHook('onRequest', checkVersion);

  for (const recipe of recipes) {
    for (const [name, handler] of Object.entries(recipe(core)) as [RouteName, Handler][]) {
      addRoute(server, name, handler, (request) => ({ ...addresses.get(request)!, found: apps.get(request) }));
    }
  }
  const stopHousekeeping = startHousekeeping(core);
  server.addHook('onClose', async () => {
    stopHousekeeping();
    await core.db.close();
  });
  return server;
}

async function openCore(options: ServerOptions): Promise<Core> {
  const now = options.now ?? Date.now;
  const db = new Database(options.databaseUrl, options.databaseWaitMs);
  const settings = { ...defaultSettings };
  if (options.accessTokenValiditySeconds) settings.accessTokenValidityMs = options.accessTokenValiditySeconds * 1000;
  const features = new Set(options.features);
  const core: Core = {
    db,
    now,
    features,
    appsNeedLicence: options.appsNeedLicence ?? false,
    isPassword: options.isPassword ?? isPassword,
    apps: new Apps(db, settings),
    keys: new Keys(db, now),
  };
  try {
    await applySchema(db, now());
    // The keys of the public app are made before the first request, which would otherwise wait for them.
    await core.keys.published(await core.apps.get(PUBLIC));
  } catch (error) {
    await db.close();
    throw error;
  }
  return core;
}

function addRoute(
  server: FastifyInstance,
  name: RouteName,
  handler: Handler,
  whereTo: (request: IncomingMessage) => Address & { found: App | undefined },
): void {
  const [method, url] = name.split(' ') as [string, string];
  server.route({
    method,
    url,
    handler: async (request, reply) => {
      const { appId, tenantId, found } = whereTo(request.raw);
      const isKnown = tenantId === PUBLIC && found !== undefined;
      // Asking whether a tenant exists is the one question that an unknown tenant may answer.
      if (found && !isKnown && name === 'GET /recipe/multitenancy/tenant/v2')
        return { status: 'TENANT_NOT_FOUND_ERROR' };
      const answer = await handler({
        app: isKnown ? found : missingApp(appId, tenantId),
        tenantId,
        reply,
        query: new Input({ ...(request.query as object) }, 'GET request'),
        body: new Input(readFields(request), 'JSON input'),
        recipeId: request.headers.rid?.toString(),
      });
      if (!isKnown) throw unknownTenant(appId, tenantId);
      if (typeof answer === 'string') reply.type('text/html; charset=UTF-8');
      return typeof answer === 'string' ? `${answer}\n` : answer;
    },
  });
}
