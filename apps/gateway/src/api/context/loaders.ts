import type { Media } from '@fowergram/contracts-media';
import type { Comment, Post } from '@fowergram/contracts-post';
import type { Profile, Relationship, UserCounts } from '@fowergram/contracts-user';
import { loadMedia } from '../../media/media.loaders.js';
import { loadComments, loadPosts } from '../../posts/posts.loaders.js';
import { loadCounts, loadPostCounts, loadRelationships, loadUsers } from '../../users/users.loaders.js';
import type { Batch } from './batch.js';
import type { RequestContext } from './request-context.js';

/** The batched look-ups of one operation; each is made when it is first needed. */
export class Loaders {
  private made: {
    users?: Batch<Profile>;
    counts?: Batch<UserCounts>;
    postCounts?: Batch<{ authorId: string; postCount: number }>;
    relationships?: Batch<Relationship>;
    media?: Batch<Media>;
    posts?: Batch<Post>;
    comments?: Batch<Comment>;
  } = {};

  constructor(private readonly context: RequestContext) {}

  get users(): Batch<Profile> {
    return (this.made.users ??= loadUsers(this.context));
  }
  get counts(): Batch<UserCounts> {
    return (this.made.counts ??= loadCounts(this.context));
  }
  get postCounts(): Batch<{ authorId: string; postCount: number }> {
    return (this.made.postCounts ??= loadPostCounts(this.context));
  }
  /** How the viewer stands to others; only for a signed-in viewer. */
  get relationships(): Batch<Relationship> {
    return (this.made.relationships ??= loadRelationships(this.context));
  }
  get media(): Batch<Media> {
    return (this.made.media ??= loadMedia(this.context));
  }
  get posts(): Batch<Post> {
    return (this.made.posts ??= loadPosts(this.context));
  }
  get comments(): Batch<Comment> {
    return (this.made.comments ??= loadComments(this.context));
  }
}
