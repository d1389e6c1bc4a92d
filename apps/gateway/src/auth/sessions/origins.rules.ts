import type { Config } from '../../config.js';

/** The origins of our own pages. */
export type OwnOrigins = Pick<Config, 'WEBSITE_DOMAIN' | 'API_DOMAIN'>;

/** True for a page that is none of ours: cookies that come along with its requests count for nothing. Programs send no Origin. */
export function isForeignOrigin(origin: string | undefined, own: OwnOrigins): boolean {
  return origin !== undefined && origin !== own.WEBSITE_DOMAIN && origin !== own.API_DOMAIN;
}
