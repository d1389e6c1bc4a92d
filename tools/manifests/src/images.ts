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
