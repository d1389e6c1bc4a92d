import { Injectable } from '@nestjs/common';
import { badInput, notFound, type Page, type Parsed, readingOnByTime } from '@fowergram/contracts-core';
import { coAuthorRpc, type Post, postEvent } from '@fowergram/contracts-post';
import { userRpc } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { beforeFirst, withIdempotency, withIdempotencyWhileSeen } from '@fowergram/idempotency';
import { Bus } from '@fowergram/messaging';
import { Outbox } from '@fowergram/outbox';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { readPlaced } from '../posts/placed-posts.repository.js';
import { PostAnswersService } from '../posts/post-answers.service.js';
import { PostsRepository } from '../posts/posts.repository.js';
import { CoAuthorsRepository, type Shared } from './co-authors.repository.js';
import { isNewTo, requireShareable } from './co-authors.rules.js';
import { EndedCoAuthorshipsService } from './ended-co-authorships.service.js';
import { SharedPostsRepository } from './shared-posts.repository.js';

type ByAuthor = Parsed<typeof coAuthorRpc.invite>;
type Own = Parsed<typeof coAuthorRpc.accept>;

/** Users whose post it is, too, with the consent of all. */
@Injectable()
export class CoAuthorsService {
  constructor(
    private readonly db: Database,
    private readonly coAuthors: CoAuthorsRepository,
    private readonly shared: SharedPostsRepository,
    private readonly ended: EndedCoAuthorshipsService,
    private readonly posts: PostsRepository,
    private readonly answers: PostAnswersService,
    private readonly bus: Bus,
    private readonly outbox: Outbox,
  ) {}

  async invite(input: ByAuthor, idempotencyKey: string | undefined): Promise<Post> {
    await beforeFirst(this.db, idempotencyKey, coAuthorRpc.invite, input, () => this.requireUser(input));
    return this.byAuthor(input, idempotencyKey, coAuthorRpc.invite, async (tx) => {
      const post = await this.getOwn(tx, input);
      requireShareable(post);
      const known = await this.coAuthors.find(tx, input.postId, input.userId);
      if (isNewTo(known, await this.coAuthors.count(tx, input.postId))) await this.add(tx, input, post.createdAt);
    });
  }

  /** Whatever the state of the post is. */
  remove(input: ByAuthor, idempotencyKey: string | undefined): Promise<Post> {
    return this.byAuthor(input, idempotencyKey, coAuthorRpc.remove, async (tx) => {
      await this.getOwn(tx, input);
      await this.ended.publish(tx, await this.coAuthors.remove(tx, input.userId, [input.postId]));
    });
  }

  async accept(input: Own, idempotencyKey: string | undefined): Promise<Post> {
    const post = await this.db.transaction((tx) =>
      this.answers.answer(tx, idempotencyKey, coAuthorRpc.accept, input, async () => {
        const { postId, userId } = input;
        const { state, authorId, postCreatedAt } = await this.lockOwn(tx, input);
        if (state === 'DECLINED') throw notFound('invitation', ['postId']);
        if (state === 'ACCEPTED') return;
        await this.shared.lockPairs(tx, postId, userId);
        if (!(await this.shared.mayShare(tx, postId, userId))) throw notFound('post', ['postId']);
        await this.coAuthors.accept(tx, postId, userId);
        const fact = await this.factOf(tx, { postId, authorId, userId }, new Date());
        await this.outbox.add(tx, postEvent.coAuthorAccepted, { ...fact, createdAt: postCreatedAt.toISOString() });
      }),
    );
    this.outbox.trigger();
    return post;
  }

  /** Also where the user does not see the post any more. */
  async decline(input: Own, idempotencyKey: string | undefined): Promise<{ declined: boolean }> {
    const answer = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, coAuthorRpc.decline, input, async () => {
        await this.lockOwn(tx, input);
        await this.ended.publish(tx, await this.coAuthors.decline(tx, input.userId, [input.postId]));
        return { declined: true };
      }),
    );
    this.outbox.trigger();
    return answer;
  }

  invitations({ userId, ...page }: Parsed<typeof coAuthorRpc.invitations>): Promise<Page<Post>> {
    return readPlaced(readingOnByTime(page), (next) => this.shared.invitationsOf(userId, next));
  }

  invited({ ids, authorId }: Parsed<typeof coAuthorRpc.invited>): Promise<{ postId: string; userIds: string[] }[]> {
    return this.coAuthors.invited(ids, authorId);
  }

  /** Runs a command of the author under the locks of the post; a repeat is NOT_FOUND when the post is there no more. */
  private async byAuthor(
    input: ByAuthor,
    key: string | undefined,
    contract: typeof coAuthorRpc.invite | typeof coAuthorRpc.remove,
    change: (tx: Tx) => Promise<void>,
  ): Promise<Post> {
    const answer = await this.db.transaction((tx) => {
      const see = () => this.show(tx, input);
      const effect = async () => {
        if (!(await this.posts.lockShared(tx, input.postId, input.authorId))) throw accountIsDeleted();
        await this.coAuthors.lock(tx, input.postId);
        await change(tx);
        return see();
      };
      return withIdempotencyWhileSeen(tx, key, contract, input, { effect, see });
    });
    this.outbox.trigger();
    return answer;
  }

  /** Whoever does not see the post hears nothing: the invitation waits until they do. */
  private async add(tx: Tx, { postId, authorId, userId }: ByAuthor, postCreatedAt: Date): Promise<void> {
    const at = new Date();
    if (!(await this.coAuthors.invite(tx, { postId, authorId, userId }, postCreatedAt, at)))
      throw notFound('user', ['userId']);
    if (!(await this.shared.mayShare(tx, postId, userId))) return;
    await this.outbox.add(tx, postEvent.coAuthorInvited, await this.factOf(tx, { postId, authorId, userId }, at));
  }

  /** Before the transaction, since nothing remote belongs in one. Who blocks the author is not there for them. */
  private async requireUser({ authorId, userId }: ByAuthor): Promise<void> {
    if (userId === authorId) throw badInput(['userId'], 'You are the author of the post.');
    const [found] = await this.bus.call(userRpc.profilesByIds, { ids: [userId], viewerId: authorId });
    if (!found) throw notFound('user', ['userId']);
  }

  private async lockOwn(tx: Tx, { postId, userId }: Own) {
    if (!(await this.posts.lockShared(tx, postId, userId))) throw accountIsDeleted();
    await this.coAuthors.lock(tx, postId);
    const found = await this.coAuthors.find(tx, postId, userId);
    if (!found) throw notFound('invitation', ['postId']);
    return found;
  }

  private async getOwn(tx: Tx, { postId, authorId }: ByAuthor) {
    const post = await this.coAuthors.shareable(tx, postId, authorId);
    if (!post) throw notFound('post', ['postId']);
    return post;
  }

  private async show(tx: Tx, { postId, authorId }: ByAuthor): Promise<Post> {
    const [post] = await this.posts.byIds(tx, [postId], authorId);
    if (post?.authorId !== authorId) throw notFound('post', ['postId']);
    return post;
  }

  private async factOf(tx: Tx, shared: Shared, at: Date) {
    return { ...shared, version: await this.coAuthors.nextVersion(tx), at: at.toISOString() };
  }
}
