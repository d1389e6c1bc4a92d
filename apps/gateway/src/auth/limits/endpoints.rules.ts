import { TENANT } from '../supertokens/core.js';
import type { ActionName } from './limits.rules.js';

const PREFIX = '/auth';
/** Nothing that an URL parser could read in another way than we do: no doubled slash, no dot segment, no escape, no backslash. */
const PLAIN = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)+\/?$/;

const limited: Record<string, ActionName> = {
  'POST /signin': 'sign-in',
  'POST /signup': 'sign-up',
  'POST /user/password/reset/token': 'reset-request',
  'POST /user/password/reset': 'reset',
  'POST /user/email/verify/token': 'verification-mail',
  'POST /user/email/verify': 'verification',
  'POST /signinup/code': 'code-request',
  'POST /signinup/code/resend': 'code-again',
  'POST /signinup/code/consume': 'code',
  'POST /session/refresh': 'refresh',
  'GET /signup/email/exists': 'exists',
  'GET /emailpassword/email/exists': 'exists',
  'GET /passwordless/email/exists': 'exists',
  'GET /signup/phonenumber/exists': 'exists',
  'GET /passwordless/phonenumber/exists': 'exists',
  'POST /signinup': 'third-party',
  'POST /callback/apple': 'third-party',
  'GET /authorisationurl': 'third-party-url',
};

/** What the SDK serves besides, under no limit of its own. */
const unlimited = [
  'POST /signout',
  'GET /user/email/verify',
  'GET /jwt/jwks.json',
  'GET /loginmethods',
  'GET /.well-known/openid-configuration',
];

/** The methods by which the SDK serves an address of /auth. */
export function methodsOf(url: string): string[] {
  const path = url
    .split('?', 1)[0]!
    .slice(PREFIX.length)
    .replace(new RegExp(`^/${TENANT}(?=/)`), '')
    .replace(/\/$/, '');
  const endpoints = [...Object.keys(limited), ...unlimited].map((endpoint) => endpoint.split(' ') as [string, string]);
  return endpoints.filter(([, each]) => each === path).map(([method]) => method);
}

/** What a request to /auth is for: an action with limits, or none; undefined for an address that is no endpoint of ours. */
export function endpointOf(method: string, url: string): { action?: ActionName } | undefined {
  const path = url.split('?', 1)[0]!;
  if (!path.startsWith(`${PREFIX}/`) || !PLAIN.test(path)) return undefined;
  const rest = path.slice(PREFIX.length).replace(/\/$/, '');
  if (/^\/second-factor(\/|$)/.test(rest)) return { action: 'second-factor' };
  const exact = actionOf(method, rest);
  if (exact) return { action: exact };
  // @NOTE The SDK takes its endpoints with a tenant in front, too. Ours has one tenant; another one is not worth a question to the core.
  const [, tenant, withoutTenant = ''] = /^\/([^/]+)(\/.*)$/.exec(rest) ?? [];
  const action = actionOf(method, withoutTenant);
  if (!action) return {};
  return tenant === TENANT ? { action } : undefined;
}

const actionOf = (method: string, path: string): ActionName | undefined =>
  Object.hasOwn(limited, `${method} ${path}`) ? limited[`${method} ${path}`] : undefined;
