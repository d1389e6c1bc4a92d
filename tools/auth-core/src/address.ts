/** Which app and tenant a request is for: `/appid-<app>/<tenant>/recipe/...`, both parts optional. */
export interface Address {
  appId: string;
  tenantId: string;
  /** What is left for the router, query included. */
  path: string;
}

export const PUBLIC = 'public';

const appPrefix = /^\/appid-([a-z0-9-]*)(?=[/?]|$)/i;
const tenantPrefix = /^\/([a-z0-9-]+)(?=\/)/i;
const notTenants = new Set(['recipe', 'user', 'users', 'ee', 'apiversion', 'hello', 'telemetry']);

export function parseAddress(url: string): Address {
  let path = url;
  const app = appPrefix.exec(path);
  if (app) path = path.slice(app[0].length);
  const tenant = tenantPrefix.exec(path);
  const hasTenant = tenant !== null && !notTenants.has(tenant[1]!.toLowerCase());
  if (hasTenant) path = path.slice(tenant[0].length);
  return {
    appId: app?.[1]?.toLowerCase() || PUBLIC,
    tenantId: hasTenant ? tenant[1]!.toLowerCase() : PUBLIC,
    path: path.startsWith('/') ? path : `/${path}`,
  };
}
