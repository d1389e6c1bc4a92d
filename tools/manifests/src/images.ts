/** Images that this repository builds carry its own version; all others name at least three numbers, a date or a digest. */
export function imageViolations(image: string, ownVersion: string): string[] {
  const tag = /:([^:/@]+)$/.exec(image.replace(/@sha256:.*/, ''))?.[1];
  if (/(^|\/)fowergram\//.test(image))
    return tag === ownVersion ? [] : [`${image} is ours and not of version ${ownVersion}`];
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
  if (!tag) return [`${image} has no tag`];
  return /^v?\d+\.\d+\.\d+|^\d+\.\d+-|^RELEASE\.\d{4}-\d{2}-\d{2}T/.test(tag)
    ? []
    : [`${image} is not pinned to a full version`];
}

/**
 * The oldest auth core that asks for its API key under a tenant that does not exist, too: whoever reaches the port of an older one
 * changes what a session says of its owner.
 */
const OLDEST_AUTH_CORE = [11, 4, 6];

export function authCoreViolations(image: string): string[] {
  const version = /\/supertokens-postgresql:(\d+)\.(\d+)\.(\d+)$/.exec(image)?.slice(1).map(Number);
  if (!version) return [`${image} does not tell its version as an auth core`];
  const first = OLDEST_AUTH_CORE.findIndex((number, index) => number !== version[index]);
  return first === -1 || version[first]! > OLDEST_AUTH_CORE[first]!
    ? []
    : [`${image} is older than ${OLDEST_AUTH_CORE.join('.')}, and does not always ask for its API key`];
}
