import { Injectable } from '@nestjs/common';
import type { Output, Rpc } from '@fowergram/contracts-core';
import { Post, postEvent, type PostState } from '@fowergram/contracts-post';
import { Database, type Tx } from '@fowergram/database';
import { findStoredResponse, withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { InvitationsService } from '../co-authors/invitations.service.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { mentioningOf } from '../posts/posts.rules.js';
import { allows, type Transition } from '../posts/post-state.rules.js';
import { type OwnPost, OwnPostsRepository } from './own-posts.repository.js';
import { type NextState, TransitionsRepository } from './transitions.repository.js';

/** A request that answers with the post as it is afterwards, and its key. */
export interface Request<I = unknown> {
  contract: Rpc<Rpc['input'], typeof Post>;
  input: I;
  idempotencyKey: string | undefined;
}

/** Of which post of theirs somebody wants to change something. */
export interface Change extends Request<{ id: string; userId: string }> {
  transition: Transition;
}

/** Makes the changes of one post one after the other, each in a transaction with what it reports. */
@Injectable()
export class PostChangesService {
  constructor(
    private readonly db: Database,
    private readonly own: OwnPostsRepository,
    private readonly transitions: TransitionsRepository,
    private readonly mentions: MentionsService,
    private readonly invitations: InvitationsService,
    private readonly outbox: Outbox,
  ) {}

  /** Does what the state of the post allows, once, and answers the post as its author sees it; CONFLICT when it is not allowed. */
  async make(change: Change, effect: (tx: Tx, post: OwnPost) => Promise<unknown>): Promise<Post> {
    const { id, userId } = change.input;
    return this.once(change, async (tx) => {
      const post = await this.own.getLocked(tx, id, userId);
      if (allows(change.transition, post.state)) await effect(tx, post);
      return this.own.show(tx, id, userId);
    });
  }

  /** Runs an effect with the response that is stored for repeats. */
  async once<C extends Rpc>(
    request: { contract: C; input: unknown; idempotencyKey: string | undefined },
    effect: (tx: Tx) => Promise<Output<C>>,
  ): Promise<Output<C>> {
    const { contract, input, idempotencyKey } = request;
    const answer = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, contract, input, () => effect(tx)),
    );
    this.outbox.trigger();
    return answer;
  }

  /** The first answer to a repeated change, which is not begun again; undefined when it is new. */
  async findAnswer({ contract, input, idempotencyKey }: Request): Promise<Post | undefined> {
    return (await findStoredResponse(this.db, idempotencyKey, contract, input))?.answer;
  }

  /** The first publication of a locked post: its followers get it, and whoever is mentioned or invited is notified. */
  async publish(tx: Tx, post: OwnPost): Promise<void> {
    const createdAt = new Date();
    await this.transitions.setState(tx, post, { state: 'PUBLISHED', createdAt });
    const fact = { postId: post.id, authorId: post.authorId, createdAt: createdAt.toISOString() };
    await this.outbox.add(tx, postEvent.created, fact);
    await this.mentions.notify(tx, mentioningOf(post), post.caption);
    await this.invitations.send(tx, [post.id], createdAt);
  }

  /** Hides a locked post or shows it again, with all that hangs on it. */
  async move(tx: Tx, post: OwnPost, next: NextState): Promise<void> {
    const version = await this.transitions.setState(tx, post, next);
    await this.outbox.add(tx, postEvent.stateChanged, factOf(post, next.state, version));
  }
}

const factOf = ({ id, authorId, createdAt }: OwnPost, state: PostState, version: number) => ({
  postId: id,
  authorId,
  state,
  version,
  createdAt: createdAt.toISOString(),
});
