import { CoreError, badInput } from './core-error.js';
import type { App } from './apps.js';
import type { Core } from './core.js';
import { isJsonObject, type JsonObject } from './input.js';
import { ok, type Call, type Recipe } from './route.js';

/** Providers that live in the core instead of the program; the SDK reads them with the tenant. */
export const thirdPartyConfig: Recipe = (core) => ({
  'PUT /recipe/multitenancy/config/thirdparty': (call) => putProvider(core, call),
  'POST /recipe/multitenancy/config/thirdparty/remove': (call) => removeProvider(core, call),
});

export async function loadProviders(core: Core, app: App): Promise<JsonObject[]> {
  const rows = await core.db.rows<{ config: JsonObject }>(
    'select config from third_party_configs where app_id = $1 order by created_at, third_party_id',
    [app.id],
  );
  return rows.map((row) => row.config);
}

async function putProvider(core: Core, { app, body }: Call) {
  const given = body.object('config');
  if (typeof given.thirdPartyId !== 'string') throw badInput("Field name 'thirdPartyId' is invalid in JSON input");
  const config = normalise(given, given.thirdPartyId.trim());
  if (!(body.findFlag('skipValidation') ?? false)) validate(config);
  const [row] = await core.db.rows<{ is_new: boolean }>(
    `insert into third_party_configs (app_id, third_party_id, config, created_at) values ($1, $2, $3, $4)
     on conflict (app_id, third_party_id) do update set config = excluded.config returning xmax = 0 as is_new`,
    [app.id, config.thirdPartyId, JSON.stringify(config), Math.floor(core.now())],
  );
  return ok({ createdNew: row!.is_new });
}

async function removeProvider(core: Core, { app, body }: Call) {
  const removed = await core.db.rows(
    'delete from third_party_configs where app_id = $1 and third_party_id = $2 returning third_party_id',
    [app.id, body.text('thirdPartyId').trim()],
  );
  return ok({ didConfigExist: removed.length > 0 });
}

// Nulls are left out and the map is filled in, as the core does in its answers.
function normalise(given: JsonObject, thirdPartyId: string): JsonObject & { thirdPartyId: string } {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const { fromIdTokenPayload, fromUserInfoAPI } = isJsonObject(set.userInfoMap) ? set.userInfoMap : {};
  return {
    ...set,
    thirdPartyId,
    userInfoMap: { fromIdTokenPayload: fromIdTokenPayload ?? {}, fromUserInfoAPI: fromUserInfoAPI ?? {} },
  };
}

function validate(config: JsonObject & { thirdPartyId: string }): void {
  if (config.thirdPartyId === '') throw wrong('thirdPartyId cannot be null or empty');
  const clients = config.clients ?? [];
  if (!Array.isArray(clients) || !clients.every(isJsonObject)) throw wrong('clients must be an array of objects');
  const types = clients.map((client) => client.clientType ?? null);
  if (new Set(types).size < types.length) throw wrong('Duplicate clientType was specified in the clients list.');
  for (const client of clients) validateClient(config.thirdPartyId, client);
}

const neededByProvider: Record<string, string[]> = {
  apple: ['keyId', 'teamId', 'privateKey'],
  'active-directory': ['directoryId'],
  okta: ['oktaDomain'],
  'boxy-saml': ['boxyURL'],
};

function validateClient(thirdPartyId: string, client: JsonObject): void {
  if (typeof client.clientId !== 'string') throw wrong('clientId cannot be null');
  // Several of one kind are distinguished by what follows the name: okta-europe.
  const provider = Object.keys(neededByProvider).find(
    (name) => thirdPartyId === name || thirdPartyId.startsWith(`${name}-`),
  );
  const extra = isJsonObject(client.additionalConfig) ? client.additionalConfig : {};
  for (const field of neededByProvider[provider ?? ''] ?? []) {
    if (typeof extra[field] !== 'string' || extra[field] === '') {
      throw wrong(
        `a non empty string value must be specified for ${field} in the additionalConfig for ${provider} provider`,
      );
    }
  }
}

function wrong(text: string): CoreError {
  return badInput(`Invalid third party config: ${text}`);
}
