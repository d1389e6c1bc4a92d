import { Injectable } from '@nestjs/common';
import { hashtagsOf, notFound, type Output, type Parsed, requireVersion } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { type Post, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import type { Mention } from '@fowergram/contracts-user';
import type { Tx } from '@fowergram/database';
import { Bus } from '@fowergram/messaging';
import { languageOf } from '../discovery/languages.rules.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { commentPolicyOf } from '../posts/comment-policy.rules.js';
import { mentioningOf } from '../posts/posts.rules.js';
import { SensitivityRepository } from '../posts/sensitivity.repository.js';
import { sensitivityOf } from '../posts/sensitivity.rules.js';
import { allows } from '../posts/post-state.rules.js';
import { type EditedPost, EditsRepository } from './edits.repository.js';
import { type OwnPost, OwnPostsRepository } from './own-posts.repository.js';
import { PostChangesService } from './post-changes.service.js';

type UpdateInput = Parsed<typeof postRpc.update>;

/** Changes of what a post shows, and what it showed before. */
@Injectable()
export class EditsService {
  constructor(
    private readonly own: OwnPostsRepository,
    private readonly edits: EditsRepository,
    private readonly changes: PostChangesService,
    private readonly sensitivity: SensitivityRepository,
    private readonly mentions: MentionsService,
    private readonly bus: Bus,
  ) {}

  /** Alt texts are the media service's, and set first: nothing remote belongs in a transaction, and setting them again is harmless. */
  async update(input: UpdateInput, idempotencyKey: string | undefined): Promise<Post> {
    const change = { contract: postRpc.update, transition: 'edit' as const, input, idempotencyKey };
    const answer = await this.changes.findAnswer(change);
    if (answer) return answer;
    if (input.altTexts?.length) await this.setAltTexts(input, input.altTexts);
    const mentions = await this.mentions.resolve(input.userId, input.caption ?? '');
    return this.changes.make(change, (tx, post) => this.edit(tx, post, input, mentions));
  }

  async history({ userId, postIds }: Parsed<typeof postLifeRpc.history>): Promise<Output<typeof postLifeRpc.history>> {
    const rows = await this.edits.history(userId, postIds);
    return postIds.map((postId) => ({
      postId,
      edits: rows
        .filter((row) => row.postId === postId)
        .map(({ caption, editedAt }) => ({ caption, editedAt: editedAt.toISOString() })),
    }));
  }

  private async setAltTexts(
    { id, userId, ...expected }: UpdateInput,
    altTexts: NonNullable<UpdateInput['altTexts']>,
  ): Promise<void> {
    const post = await this.own.get(id, userId);
    allows('edit', post.state);
    requireVersion(post.version, expected);
    for (const [index, { mediaId }] of altTexts.entries())
      if (!post.mediaIds.includes(mediaId)) throw notFound('media', ['altTexts', index, 'mediaId']);
    await this.bus.call(mediaRpc.setAltTexts, { claimId: post.claimId, altTexts });
  }

  private async edit(tx: Tx, post: OwnPost, input: UpdateInput, mentions: Mention[]): Promise<void> {
    requireVersion(post.version, input);
    const edited = editedPost(post, input);
    const marks = sensitivityOf(input, post);
    const isMarked = marks.isSensitive !== post.isSensitive || marks.contentWarning !== post.contentWarning;
    if (!isChanged(post, edited) && !isMarked && !input.altTexts?.length) return;
    const isOut = post.state === 'PUBLISHED' || post.state === 'ARCHIVED';
    const now = new Date();
    await this.edits.update(tx, edited, isOut ? now : null);
    if (isMarked) await this.sensitivity.set(tx, post.id, marks);
    if (isOut && edited.caption !== post.caption)
      await this.edits.keepCaption(tx, post.id, post.version, post.caption, now);
    if (input.caption !== undefined) await this.mentions.store(tx, mentioningOf(post), edited.caption, mentions);
    else if (edited.audience !== post.audience) await this.mentions.notify(tx, mentioningOf(post), edited.caption);
  }
}

function editedPost(post: OwnPost, input: UpdateInput): EditedPost {
  const caption = input.caption ?? post.caption;
  return {
    id: post.id,
    caption,
    hashtags: hashtagsOf(caption),
    language: languageOf(caption),
    location: input.location === undefined ? post.location : input.location || null,
    commentPolicy: commentPolicyOf(input, post.commentPolicy),
    audience: input.audience ?? post.audience,
  };
}

const isChanged = (post: OwnPost, { caption, location, commentPolicy, audience }: EditedPost): boolean =>
  caption !== post.caption ||
  location !== post.location ||
  commentPolicy !== post.commentPolicy ||
  audience !== post.audience;
