import type { Config } from '../../config.js';

/** What tells which pages are our own. */
export type OwnOrigins = Pick<Config, 'WEBSITE_DOMAIN' | 'API_DOMAIN' | 'WEBSITE_ORIGINS' | 'ENVIRONMENT'>;

/** A page on the machine of a developer, whatever port its tool has chosen. */
const LOCAL = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/** The origins of our own pages: those of the configuration, in development also every one of this machine. */
export function ownOrigins({
  WEBSITE_DOMAIN,
  API_DOMAIN,
  WEBSITE_ORIGINS,
  ENVIRONMENT,
}: OwnOrigins): (string | RegExp)[] {
  const named = new Set([WEBSITE_DOMAIN, API_DOMAIN, ...(WEBSITE_ORIGINS ?? [])]);
  return ENVIRONMENT === 'development' ? [...named, LOCAL] : [...named];
}

/** True for the origin of a page of ours. */
export const isOwnOrigin = (origin: string, own: OwnOrigins): boolean =>
  ownOrigins(own).some((each) => (typeof each === 'string' ? each === origin : each.test(origin)));

/** True for a page that is none of ours: cookies that come along with its requests count for nothing. Programs send no Origin. */
export function isForeignOrigin(origin: string | undefined, own: OwnOrigins): boolean {
  return origin !== undefined && !isOwnOrigin(origin, own);
}
