import { Injectable } from '@nestjs/common';
import { notFound, type Page, type Parsed, readingOnByTime } from '@fowergram/contracts-core';
import { type Post, postEvent, type PostTags, tagRpc } from '@fowergram/contracts-post';
import { userRpc } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { beforeFirst, withIdempotency, withIdempotencyWhileSeen } from '@fowergram/idempotency';
import { Bus } from '@fowergram/messaging';
import { Outbox } from '@fowergram/outbox';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { readPlaced } from '../posts/placed-posts.repository.js';
import { PostAnswersService } from '../posts/post-answers.service.js';
import { PostsRepository } from '../posts/posts.repository.js';
import { TaggedPostsRepository } from './tagged-posts.repository.js';
import { type TaggedPost, TagsRepository } from './tags.repository.js';
import { requireTaggable } from './tags.rules.js';

type SetInput = Parsed<typeof tagRpc.set>;
type OwnInput = Parsed<typeof tagRpc.approve>;

/** Users in pictures, shown with their consent. */
@Injectable()
export class TagsService {
  constructor(
    private readonly db: Database,
    private readonly tags: TagsRepository,
    private readonly lists: TaggedPostsRepository,
    private readonly posts: PostsRepository,
    private readonly answers: PostAnswersService,
    private readonly bus: Bus,
    private readonly outbox: Outbox,
  ) {}

  async set(input: SetInput, idempotencyKey: string | undefined): Promise<Post> {
    await beforeFirst(this.db, idempotencyKey, tagRpc.set, input, () => this.requirePeople(input));
    const post = await this.db.transaction((tx) =>
      withIdempotencyWhileSeen(tx, idempotencyKey, tagRpc.set, input, {
        effect: async () => {
          const own = await this.lockOwnPost(tx, input);
          requireTaggable(input.tags, own.mediaIds);
          await this.replace(tx, input);
          return own;
        },
        see: () => this.findOwnPost(tx, input),
      }),
    );
    this.outbox.trigger();
    return post;
  }

  approve(input: OwnInput, idempotencyKey: string | undefined): Promise<Post> {
    return this.db.transaction((tx) =>
      this.answers.answer(tx, idempotencyKey, tagRpc.approve, input, async () => {
        const { state } = await this.lockOwnTag(tx, input);
        if (state === 'REMOVED') throw notFound('tag', ['postId']);
        await this.tags.approve(tx, input.postId, input.userId);
      }),
    );
  }

  /** Also from a post that the user does not see any more. */
  async remove(input: OwnInput, idempotencyKey: string | undefined): Promise<{ removed: boolean }> {
    const answer = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, tagRpc.remove, input, async () => {
        const { postId, userId } = input;
        const { authorId } = await this.lockOwnTag(tx, input);
        await this.tags.remove(tx, postId, userId);
        await this.publishUntagged(tx, { postId, authorId }, [userId]);
        return { removed: true };
      }),
    );
    this.outbox.trigger();
    return answer;
  }

  ofPosts({ ids, viewerId }: Parsed<typeof tagRpc.ofPosts>): Promise<PostTags[]> {
    return this.tags.ofPosts(ids, viewerId);
  }

  taggedPosts({ userId, viewerId, ...page }: Parsed<typeof tagRpc.taggedPosts>): Promise<Page<Post>> {
    return readPlaced(readingOnByTime(page), (next) => this.lists.ofUser(userId, viewerId, next));
  }

  /** Before the transaction, since nothing remote belongs in one. Who blocks the author is not there for them. */
  private async requirePeople({ authorId, tags }: SetInput): Promise<void> {
    const ids = [...new Set(tags.map(({ userId }) => userId))];
    if (ids.length === 0) return;
    const found = await this.bus.call(userRpc.profilesByIds, { ids, viewerId: authorId });
    const known = new Set(found.map(({ id }) => id));
    const index = tags.findIndex(({ userId }) => !known.has(userId));
    if (index >= 0) throw notFound('user', ['tags', index, 'userId']);
  }

  private async lockOwnPost(tx: Tx, { postId, authorId }: SetInput): Promise<Post> {
    if (!(await this.posts.lockShared(tx, postId, authorId))) throw accountIsDeleted();
    await this.tags.lock(tx, postId);
    return this.findOwnPost(tx, { postId, authorId });
  }

  private async findOwnPost(tx: Tx, { postId, authorId }: Pick<SetInput, 'postId' | 'authorId'>): Promise<Post> {
    const [post] = await this.posts.byIds(tx, [postId], authorId);
    if (post?.authorId !== authorId) throw notFound('post', ['postId']);
    return post;
  }

  private async lockOwnTag(tx: Tx, { postId, userId }: OwnInput) {
    if (!(await this.posts.lockShared(tx, postId, userId))) throw accountIsDeleted();
    await this.tags.lock(tx, postId);
    const tag = await this.tags.find(tx, postId, userId);
    if (!tag) throw notFound('tag', ['postId']);
    return tag;
  }

  private async replace(tx: Tx, { postId, authorId, tags }: SetInput): Promise<void> {
    const at = new Date();
    const post = { postId, authorId };
    await this.publishUntagged(tx, post, await this.tags.replace(tx, post, tags, at));
    const taggedIds = await this.tags.notify(tx, postId);
    if (taggedIds.length === 0) return;
    const version = await this.tags.nextVersion(tx);
    await this.outbox.add(tx, postEvent.tagged, { ...post, taggedIds, version, at: at.toISOString() });
  }

  private async publishUntagged(tx: Tx, post: TaggedPost, taggedIds: string[]): Promise<void> {
    if (taggedIds.length === 0) return;
    const version = await this.tags.nextVersion(tx);
    await this.outbox.add(tx, postEvent.untagged, { ...post, taggedIds, version, at: new Date().toISOString() });
  }
}
