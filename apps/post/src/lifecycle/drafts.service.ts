import { Injectable } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type Post, postLifeRpc } from '@fowergram/contracts-post';
import { newId, type Tx } from '@fowergram/database';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { MediaClaimsService } from '../posts/media-claims.service.js';
import { commentPolicyOf } from '../posts/comment-policy.rules.js';
import { claimIdOf, isSameList, mentioningOf } from '../posts/posts.rules.js';
import { SensitivityRepository } from '../posts/sensitivity.repository.js';
import { sensitivityOf } from '../posts/sensitivity.rules.js';
import { allows, checkComplete, checkPublishAt } from '../posts/post-state.rules.js';
import { type Draft, DraftsRepository } from './drafts.repository.js';
import { type OwnPost, OwnPostsRepository } from './own-posts.repository.js';
import { PostChangesService } from './post-changes.service.js';

type SaveInput = Parsed<typeof postLifeRpc.saveDraft>;
type Key = string | undefined;

const NEW: Omit<Draft, 'id' | 'claimId'> = {
  caption: '',
  mediaIds: [],
  location: null,
  commentPolicy: 'EVERYONE',
  audience: 'PUBLIC',
  publishAt: null,
};

/** Posts that are not published yet, and may be incomplete until they are. */
@Injectable()
export class DraftsService {
  constructor(
    private readonly own: OwnPostsRepository,
    private readonly drafts: DraftsRepository,
    private readonly changes: PostChangesService,
    private readonly claims: MediaClaimsService,
    private readonly sensitivity: SensitivityRepository,
    private readonly mentions: MentionsService,
  ) {}

  /** Claims the media first, as createPost does; media that a draft no longer names are freed after it. */
  async save(input: SaveInput, idempotencyKey: Key): Promise<Post> {
    const { id, userId, publishAt } = input;
    const change = { contract: postLifeRpc.saveDraft, input, idempotencyKey };
    const answer = await this.changes.findAnswer(change);
    if (answer) return answer;
    if (publishAt) checkPublishAt(new Date(publishAt), new Date(), ['publishAt']);
    const post = id === undefined ? undefined : await this.own.get(id, userId);
    if (post) allows('save', post.state);
    const claimId = post?.claimId ?? claimIdOf(idempotencyKey);
    const [mentions, readyIds] = await Promise.all([
      this.mentions.resolve(userId, input.caption ?? ''),
      this.claim(input, claimId, post),
    ]);
    const saved = await this.changes.once(change, async (tx) => {
      const draft = id === undefined ? draftOf(input, claimId) : await this.changed(tx, { ...input, id });
      await this.write(tx, userId, draft, {
        isNew: id === undefined,
        awaitsMedia: !isSameList(readyIds, draft.mediaIds),
      });
      if (input.isSensitive !== undefined || input.contentWarning !== undefined)
        await this.sensitivity.set(tx, draft.id, sensitivityOf(input, await this.own.get(draft.id, userId, tx)));
      if (input.caption !== undefined)
        await this.mentions.store(tx, mentioningOf({ id: draft.id, authorId: userId }), draft.caption, mentions);
      return this.own.show(tx, draft.id, userId);
    });
    if (post && input.mediaIds) await this.claims.freeUnused(post.id);
    return saved;
  }

  /** Answers the media if all are READY. What is not named and has no time to go out is not asked for. */
  private async claim(input: SaveInput, claimId: string, post: OwnPost | undefined): Promise<string[]> {
    const isTimed = input.publishAt === undefined ? post?.publishAt : input.publishAt;
    if (!input.mediaIds && !isTimed) return [];
    const mediaIds = input.mediaIds ?? post?.mediaIds ?? [];
    return (await this.claims.claim({ authorId: input.userId, claimId, mediaIds })) ? mediaIds : [];
  }

  private async changed(tx: Tx, input: SaveInput & { id: string }): Promise<Draft> {
    const post = await this.own.getLocked(tx, input.id, input.userId);
    allows('save', post.state);
    return drafted(post, input);
  }

  private async write(
    tx: Tx,
    userId: string,
    draft: Draft,
    { isNew, awaitsMedia }: { isNew: boolean; awaitsMedia: boolean },
  ): Promise<void> {
    if (!isNew) return this.drafts.update(tx, draft, awaitsMedia);
    if (!(await this.drafts.lock(tx, userId))) throw accountIsDeleted();
    await this.drafts.checkLimit(tx, userId);
    await this.drafts.insert(tx, userId, draft, awaitsMedia);
  }
}

const draftOf = (input: SaveInput, claimId: string): Draft => drafted({ ...NEW, id: newId(), claimId }, input);

/** The draft with what was given; what has a time to go out has to be complete. */
function drafted(before: Draft, input: SaveInput): Draft {
  const { caption, mediaIds, audience, location, publishAt } = input;
  const draft = {
    id: before.id,
    claimId: before.claimId,
    caption: caption ?? before.caption,
    mediaIds: mediaIds ?? before.mediaIds,
    audience: audience ?? before.audience,
    location: location === undefined ? before.location : location || null,
    commentPolicy: commentPolicyOf(input, before.commentPolicy),
    publishAt: publishAt === undefined ? before.publishAt : toDate(publishAt),
  };
  if (draft.publishAt) checkComplete(draft);
  return draft;
}

const toDate = (time: string | null): Date | null => (time === null ? null : new Date(time));
