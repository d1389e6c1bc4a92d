import { likePost, unlikePost } from '@fowergram/client/operations';
import type { Changes } from './changes.js';
import type { Posts } from './posts.js';

/** Likes are shown at once; the answer of the newest tap has the last word. */
export class Likes {
  private readonly newest = new Map<string, object>();

  constructor(
    private readonly posts: Posts,
    private readonly changes: Changes,
  ) {}

  async toggle(postId: string): Promise<void> {
    const before = this.posts.get(postId);
    if (!before) return;
    const tap = {};
    this.newest.set(postId, tap);
    const { viewerHasLiked, likeCount } = before;
    this.posts.patch(postId, { viewerHasLiked: !viewerHasLiked, likeCount: likeCount + (viewerHasLiked ? -1 : 1) });
    try {
      const answer = viewerHasLiked
        ? (await this.changes.send(unlikePost, { postId })).unlikePost
        : (await this.changes.send(likePost, { postId })).likePost;
      if (this.newest.get(postId) === tap) this.posts.patch(postId, answer);
    } catch (error) {
      if (this.newest.get(postId) === tap) this.posts.patch(postId, { viewerHasLiked, likeCount });
      throw error;
    } finally {
      if (this.newest.get(postId) === tap) this.newest.delete(postId);
    }
  }
}
