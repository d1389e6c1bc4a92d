import { badInput } from '@fowergram/contracts-core';
import { MAX_TAGS_PER_MEDIA, type PersonTag } from '@fowergram/contracts-post';

/** Throws for a tag in a picture that the post does not have, for somebody twice in one picture, and for too many in one. */
export function requireTaggable(tags: PersonTag[], mediaIds: string[]): void {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for (const [index, { mediaId, userId }] of tags.entries()) {
    if (!mediaIds.includes(mediaId)) throw badInput(['tags', index, 'mediaId'], 'The post has no such picture.');
    if (seen.has(mediaId + userId)) throw badInput(['tags', index, 'userId'], 'A picture shows everybody once.');
    seen.add(mediaId + userId);
    counts.set(mediaId, (counts.get(mediaId) ?? 0) + 1);
    if (counts.get(mediaId)! > MAX_TAGS_PER_MEDIA)
      throw badInput(['tags', index], `A picture has at most ${MAX_TAGS_PER_MEDIA} tags.`);
  }
}
