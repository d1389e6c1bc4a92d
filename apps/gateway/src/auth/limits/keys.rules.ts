import { hash } from 'node:crypto';
import { isIP } from 'node:net';

/** One key for all spellings of an e-mail address that reach one user (or for an id). Hashed, so that Redis holds no addresses. */
export function accountKey(account: string): string {
  // The SDK's own form comes first: whatever it takes for one account must have one key.
  const plain = account.trim().toLowerCase().normalize('NFKC').toLowerCase();
  const at = plain.lastIndexOf('@');
  const tag = plain.indexOf('+');
  return hash('sha256', at > 0 && tag > 0 && tag < at ? plain.slice(0, tag) + plain.slice(at) : plain, 'base64url');
}

/** The key of an e-mail address as the core has it. Anybody may open an account for ann+x@: that one vouches for itself and not for ann@. */
export const exactKey = (email: string): string => hash('sha256', email.trim().toLowerCase(), 'base64url');

interface Origin {
  ip: string;
  ips?: string[] | undefined;
}

/** The key of the address that a request comes from. */
export function addressKey(origin: Origin): string {
  const address = addressOf(origin);
  return isIP(address) === 6 ? networkOf(address) : address;
}

/**
 * The last address in the chain of a request (the connection first, then hop by hop as trusted proxies tell it) that is one at all:
 * nonsense in a header counts as the proxy that let it pass, and reaches nobody.
 */
export function addressOf({ ip, ips = [ip] }: Origin): string {
  return ips.map((text) => withoutPort(text ?? '')).findLast((text) => isIP(text) !== 0) ?? 'unknown';
}

/** Some proxies write 192.0.2.1:4711 or [2001:db8::1]:4711. */
const withoutPort = (text: string): string =>
  /^(\d[\d.]*):\d+$/.exec(text)?.[1] ?? /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text;

/** A household or a machine has a /64 of IPv6 addresses at least, so that is what counts; a mapped IPv4 address is an IPv4 address. */
function networkOf(address: string): string {
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function groupsOf(address: string): number[] {
  const text = new URL(`http://[${address.split('%', 1)[0]!}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
}
