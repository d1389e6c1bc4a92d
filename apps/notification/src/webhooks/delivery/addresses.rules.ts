import ipaddr from 'ipaddr.js';
import { badInput } from '@fowergram/contracts-core';

/** `public` is the internet, by https alone; `any` is for development and tests. */
export type WebhookTargets = 'public' | 'any';

const LOWEST_OPEN_PORT = 1_024;
/** Names that mean this machine, this network, or nothing on the internet. */
const INTERNAL_NAME = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa|onion)$/;

/** What nobody outside is reached by, and ipaddr.js takes for unicast: IPv6 beside 2000::/3, and in it what is for examples. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
const NOT_GLOBAL = ['2001:db8::/32', '3fff::/20', '192.0.0.0/24', '192.88.99.0/24'].map((range) =>
  ipaddr.parseCIDR(range),
);

/** True for an address that is one of the internet, in whatever way it is written. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed.kind() === 'ipv6' && !parsed.match(GLOBAL_IPV6)) return false;
  return !NOT_GLOBAL.some((range) => range[0].kind() === parsed.kind() && parsed.match(range));
}

/** The name or address of a URL, without the brackets and the dot that say nothing. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

/** Says what is wrong with an address, as far as that can be known without asking for its name; undefined when nothing is. */
export function violationOf(url: URL, targets: WebhookTargets): string | undefined {
  if (url.username || url.password) return 'An address holds no user name and no password.';
  if (url.hash) return 'An address holds no fragment.';
  if (targets === 'any') return /^https?:$/.test(url.protocol) ? undefined : 'An address begins with https://.';
  if (url.protocol !== 'https:') return 'An address begins with https://.';
  if (url.port !== '' && Number(url.port) < LOWEST_OPEN_PORT) return `A port is 443, or ${LOWEST_OPEN_PORT} and above.`;
  const host = hostOf(url);
  const isPublic = ipaddr.isValid(host) ? isPublicAddress(host) : host.includes('.') && !INTERNAL_NAME.test(host);
  return isPublic ? undefined : 'The address is none of the internet.';
}

/** The address as it is stored; throws BAD_USER_INPUT for one that may not be called. */
export function requireCallable(text: string, targets: WebhookTargets): string {
  if (!URL.canParse(text)) throw badInput(['url'], 'This is no address.', 'WEBHOOK_URL');
  const url = new URL(text);
  const violation = violationOf(url, targets);
  if (violation !== undefined) throw badInput(['url'], violation, 'WEBHOOK_URL');
  return url.href;
}
