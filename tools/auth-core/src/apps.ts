import { PUBLIC } from './address.js';
import { apiKeysFrom, settingsFrom, type Settings } from './core-config.js';
import { badInput } from './core-error.js';
import type { Queryable } from './database.js';
import type { JsonObject } from './input.js';

export interface App {
  id: string;
  /** Differs when an app is removed and made again under the same name, so that nothing cached outlives it. */
  incarnation: string;
  coreConfig: JsonObject;
  settings: Settings;
  /** Where an app has keys of its own, nobody gets in with those of the server. */
  apiKeys: string[] | undefined;
}

interface AppRow {
  config: JsonObject;
  created_at: number;
}

export class Apps {
  private publicApp: App | undefined;

  constructor(
    private readonly db: Queryable,
    private readonly base: Settings,
  ) {}

  async find(id: string): Promise<App | undefined> {
    if (id === PUBLIC && this.publicApp) return this.publicApp;
    const [row] = await this.db.rows<AppRow>('select config, created_at from apps where app_id = $1', [id]);
    if (!row) return undefined;
    const app: App = {
      id,
      incarnation: `${id}@${row.created_at}`,
      coreConfig: row.config,
      settings: settingsFrom(row.config, this.base),
      apiKeys: apiKeysFrom(row.config),
    };
    // The public app is never removed or configured; the others are read each time, since any process may change them.
    if (id === PUBLIC) this.publicApp = app;
    return app;
  }

  async get(id: string): Promise<App> {
    const app = await this.find(id);
    if (!app) throw unknownTenant(id, PUBLIC);
    return app;
  }
}

/** An app or tenant that nobody made. What is asked of it is read first; whoever then wants it hears that it is not there. */
export function missingApp(appId: string, tenantId: string): App {
  return new Proxy({} as App, {
    get: () => {
      throw unknownTenant(appId, tenantId);
    },
  });
}

export function unknownTenant(appId: string, tenantId: string) {
  return badInput(
    'AppId or tenantId not found => Tenant with the following connectionURIDomain, appId and tenantId combination ' +
      `not found: (, ${appId}, ${tenantId})`,
  );
}
