import { createPost, uploadPhoto } from '../../../apps/e2e/src/actions.js';
import type { Network } from '../../../apps/e2e/src/network.js';
import type { TestUser } from '../../../apps/e2e/src/test-users.js';
import { drawPhoto } from '../../../apps/e2e/src/photos.js';
import { newId } from '@fowergram/database';
import { query } from '../../stack/postgres.mjs';
import { inParallel } from './in-parallel.js';
import { likeId, uuidOf } from './uuid-of.js';

export interface MediaPool {
  /** Ids of READY media of this owner which no post has claimed yet. */
  take(ownerId: string, count: number): Promise<string[]>;
}

/**
 * A post claims its media for good, so thousands of posts need thousands of pictures. Here, and only here, they are made without
 * the media service: copies of the row that it wrote for one real upload, under new ids, whose variants nobody fetches.
 */
export async function openMediaPool(network: Network, uploader: TestUser): Promise<MediaPool> {
  const example = await uploadPhoto(uploader.client, await drawPhoto({ seed: 1, width: 640, height: 480 }));
  return {
    async take(ownerId, count) {
      const ids = Array.from({ length: count }, newId);
      await query(network.databases.media!, COPY_ROWS, [uuidOf(example), ids, uuidOf(ownerId)]);
      return ids.map((id) => likeId(example, id));
    },
  };
}

const COPY_ROWS = `
  insert into media
  select copy.* from media original, unnest($2::uuid[]) new_id,
    jsonb_populate_record(original, jsonb_build_object('id', new_id, 'owner_id', $3::uuid, 'free_since', now(), 'cleared_at', now())) copy
  where original.id = $1::uuid`;

/** `count` posts of the author with media from the pool, through the public API. */
export async function createPosts(media: MediaPool, author: TestUser, count: number): Promise<string[]> {
  const mediaIds = await media.take(author.id, count);
  return inParallel(
    4,
    mediaIds.map((mediaId, index) => () => createPost(author.client, [mediaId], `Post ${index} to be liked`)),
  );
}
