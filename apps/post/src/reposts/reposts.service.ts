import { Injectable } from '@nestjs/common';
import { AppError, hashtagsOf, notFound, type Page, type Parsed, readingOnByTime } from '@fowergram/contracts-core';
import { type Post, postEvent, repostRpc } from '@fowergram/contracts-post';
import type { Mention } from '@fowergram/contracts-user';
import { Database, newId, type Tx } from '@fowergram/database';
import { withIdempotencyWhileSeen } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { readPlaced } from '../posts/placed-posts.repository.js';
import { mentioningOf } from '../posts/posts.rules.js';
import { PostsRepository } from '../posts/posts.repository.js';
import { type NewRepost, type Original, RepostsRepository } from './reposts.repository.js';

type Repost = Parsed<typeof repostRpc.repost>;
type Unrepost = Parsed<typeof repostRpc.unrepost>;

/** Posts that pass on a post. They are shown to whoever sees both, wherever posts are shown. */
@Injectable()
export class RepostsService {
  constructor(
    private readonly db: Database,
    private readonly reposts: RepostsRepository,
    private readonly posts: PostsRepository,
    private readonly mentions: MentionsService,
    private readonly outbox: Outbox,
  ) {}

  async repost(input: Repost, idempotencyKey: string | undefined): Promise<Post> {
    const mentions = await this.mentions.resolveFirst(input.userId, input.text ?? '', {
      contract: repostRpc.repost,
      input,
      idempotencyKey,
    });
    const post = await this.db.transaction((tx) =>
      withIdempotencyWhileSeen(tx, idempotencyKey, repostRpc.repost, input, {
        effect: async () => {
          const original = await this.lockOriginal(tx, input);
          const known = await this.reposts.find(tx, original.id, input.userId);
          return this.show(tx, known ?? (await this.add(tx, original, input, mentions)), input.userId);
        },
        // The repost itself may have been taken back since.
        see: ({ id, repostOf }) => this.show(tx, repostOf ?? id, input.userId),
      }),
    );
    this.outbox.trigger();
    return post;
  }

  async unrepost(input: Unrepost, idempotencyKey: string | undefined): Promise<Post> {
    const post = await this.db.transaction((tx) =>
      withIdempotencyWhileSeen(tx, idempotencyKey, repostRpc.unrepost, input, {
        effect: async () => {
          const original = await this.lockOriginal(tx, input);
          await this.remove(tx, original, input.userId);
          return this.show(tx, original.id, input.userId);
        },
        see: ({ id }) => this.show(tx, id, input.userId),
      }),
    );
    this.outbox.trigger();
    return post;
  }

  byAuthor({ authorId, viewerId, ...page }: Parsed<typeof repostRpc.byAuthor>): Promise<Page<Post>> {
    return readPlaced(readingOnByTime(page), (next) => this.reposts.byAuthor(authorId, viewerId, next));
  }

  repostedAmong({ userId, ids }: Parsed<typeof repostRpc.repostedAmong>): Promise<{ id: string }[]> {
    return this.reposts.repostedAmong(userId, ids);
  }

  /** What is meant by the post that the user names, as they see it under the locks of the edge. */
  private async lockOriginal(tx: Tx, { postId, userId }: Unrepost): Promise<Original> {
    const named = await this.reposts.originalOf(tx, postId, userId);
    if (!named) throw notFound('post', ['postId']);
    if (!(await this.reposts.lock(tx, named.id, userId))) throw accountIsDeleted();
    const original = await this.reposts.originalOf(tx, named.id, userId);
    if (!original) throw notFound('post', ['postId']);
    return original;
  }

  private async add(tx: Tx, original: Original, { userId, text }: Repost, mentions: Mention[]): Promise<string> {
    if (!original.isOpen) throw notForEverybody();
    const caption = text ?? '';
    const repost = { id: newId(), authorId: userId, caption, hashtags: hashtagsOf(caption), createdAt: new Date() };
    await this.reposts.insert(tx, original.id, repost);
    const at = repost.createdAt.toISOString();
    await this.outbox.add(tx, postEvent.created, { postId: repost.id, authorId: userId, createdAt: at });
    await this.outbox.add(tx, postEvent.reposted, await this.factOf(tx, original, repost, at));
    if (mentions.length > 0) await this.mentions.store(tx, mentioningOf(repost), caption, mentions);
    return repost.id;
  }

  private async remove(tx: Tx, original: Original, userId: string): Promise<void> {
    const at = new Date();
    const removed = await this.reposts.remove(tx, original.id, userId, at);
    if (!removed) return;
    await this.outbox.add(tx, postEvent.deleted, { postId: removed, authorId: userId });
    const repost = { id: removed, authorId: userId };
    await this.outbox.add(tx, postEvent.unreposted, await this.factOf(tx, original, repost, at.toISOString()));
  }

  private async factOf(tx: Tx, { id, authorId }: Original, repost: Pick<NewRepost, 'id' | 'authorId'>, at: string) {
    const edge = { postId: id, authorId, reposterId: repost.authorId, repostId: repost.id };
    return { ...edge, version: await this.reposts.nextVersion(tx), at };
  }

  private async show(tx: Tx, id: string, viewerId: string): Promise<Post> {
    const [post] = await this.posts.byIds(tx, [id], viewerId);
    // Its author was hidden in between.
    if (!post) throw notFound('post', ['postId']);
    return post;
  }
}

const notForEverybody = (): AppError =>
  new AppError('FORBIDDEN', 'Only what everybody may see can be passed on.', {
    path: ['postId'],
    reason: 'NOT_FOR_EVERYBODY',
  });
