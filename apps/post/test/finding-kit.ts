import type { World } from './world.js';

/** Gives a post so many likes, as the aggregation of likes does. */
export async function raiseLikes({ db }: World, postId: string, likes: number): Promise<void> {
  await db.query('update post set like_count = $2 where id = $1', [postId, likes]);
}
