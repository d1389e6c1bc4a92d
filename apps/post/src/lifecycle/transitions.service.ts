import { Injectable } from '@nestjs/common';
import { notFound, type Output, type Parsed } from '@fowergram/contracts-core';
import { type Post, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { MediaClaimsService } from '../posts/media-claims.service.js';
import { isSameList } from '../posts/posts.rules.js';
import { allows, checkComplete, checkPublishAt } from '../posts/post-state.rules.js';
import { AltTextsService } from '../preferences/alt-texts.service.js';
import { OwnPostsRepository } from './own-posts.repository.js';
import { PostChangesService } from './post-changes.service.js';
import { TransitionsRepository } from './transitions.repository.js';

type OwnInput = Parsed<typeof postLifeRpc.publish>;
type Key = string | undefined;

/** The steps of a post's life, each a mutation of its author. */
@Injectable()
export class TransitionsService {
  constructor(
    private readonly own: OwnPostsRepository,
    private readonly changes: PostChangesService,
    private readonly transitions: TransitionsRepository,
    private readonly claims: MediaClaimsService,
    private readonly altTexts: AltTextsService,
  ) {}

  async publish(input: OwnInput, idempotencyKey: Key): Promise<Post> {
    const change = { contract: postLifeRpc.publish, transition: 'publish' as const, input, idempotencyKey };
    const answer = await this.changes.findAnswer(change);
    if (answer) return answer;
    const readyIds = await this.claimMedia('publish', input);
    return this.changes.make(change, async (tx, post) => {
      checkComplete(post);
      if (isSameList(readyIds, post.mediaIds)) await this.changes.publish(tx, post);
      else await this.transitions.setState(tx, post, { state: 'SCHEDULED', publishAt: new Date(), awaitsMedia: true });
    });
  }

  async schedule(input: Parsed<typeof postLifeRpc.schedule>, idempotencyKey: Key): Promise<Post> {
    const publishAt = new Date(input.publishAt);
    const change = { contract: postLifeRpc.schedule, transition: 'schedule' as const, input, idempotencyKey };
    const answer = await this.changes.findAnswer(change);
    if (answer) return answer;
    checkPublishAt(publishAt, new Date(), ['publishAt']);
    const readyIds = await this.claimMedia('schedule', input);
    return this.changes.make(change, async (tx, post) => {
      checkComplete(post);
      const awaitsMedia = !isSameList(readyIds, post.mediaIds);
      await this.transitions.setState(tx, post, { state: 'SCHEDULED', publishAt, awaitsMedia });
    });
  }

  archive(input: OwnInput, idempotencyKey: Key): Promise<Post> {
    return this.changes.make(
      { contract: postLifeRpc.archive, transition: 'archive', input, idempotencyKey },
      (tx, post) => this.changes.move(tx, post, { state: 'ARCHIVED' }),
    );
  }

  unarchive(input: OwnInput, idempotencyKey: Key): Promise<Post> {
    return this.changes.make(
      { contract: postLifeRpc.unarchive, transition: 'unarchive', input, idempotencyKey },
      (tx, post) => this.changes.move(tx, post, { state: 'PUBLISHED' }),
    );
  }

  /** What was scheduled comes back as a draft: its time may be over by then. */
  delete(input: Parsed<typeof postRpc.delete>, idempotencyKey: Key): Promise<Output<typeof postRpc.delete>> {
    return this.changes.once({ contract: postRpc.delete, input, idempotencyKey }, async (tx) => {
      const post = await this.own.getLocked(tx, input.id, input.userId);
      if (allows('delete', post.state)) {
        const deletedFrom = post.state === 'SCHEDULED' ? 'DRAFT' : post.state;
        await this.changes.move(tx, post, { state: 'DELETED', deletedAt: new Date(), deletedFrom });
      }
      return { deleted: true };
    });
  }

  restore(input: OwnInput, idempotencyKey: Key): Promise<Post> {
    return this.changes.make(
      { contract: postLifeRpc.restore, transition: 'restore', input, idempotencyKey },
      async (tx, post) => {
        if (post.restorableTo === null) throw notFound('post', ['id']);
        await this.changes.move(tx, post, { state: post.restorableTo });
      },
    );
  }

  /** Claims the media once more, before the transaction, and answers them if all are READY. */
  private async claimMedia(transition: 'publish' | 'schedule', { id, userId }: OwnInput): Promise<string[]> {
    const post = await this.own.get(id, userId);
    if (!allows(transition, post.state)) return [];
    checkComplete(post);
    await this.altTexts.requireOf(userId, post.mediaIds);
    return (await this.claims.claim(post, () => ['id'])) ? post.mediaIds : [];
  }
}
