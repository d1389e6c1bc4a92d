import type { Config } from '../config.js';

/** True for a page that is none of ours: cookies that come along with its requests count for nothing. Programs send no Origin. */
export function isForeignOrigin(origin: string | undefined, config: Pick<Config, 'WEBSITE_DOMAIN' | 'API_DOMAIN'>): boolean {
  return origin !== undefined && origin !== config.WEBSITE_DOMAIN && origin !== config.API_DOMAIN;
}
