import { Injectable } from '@nestjs/common';
import { mentionsOf, type Parsed, type Payload, type Rpc } from '@fowergram/contracts-core';
import { type ContentMentions, type contentMentionRpc, postEvent } from '@fowergram/contracts-post';
import { type Mention, mentionRpc } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { beforeFirst } from '@fowergram/idempotency';
import { Bus } from '@fowergram/messaging';
import { Outbox } from '@fowergram/outbox';
import { MutedWordsRepository } from '@fowergram/visibility';
import { type Mentioned, type Mentioning, MentionsRepository } from './mentions.repository.js';

type MentionFact = Payload<typeof postEvent.mentioned>;

/** Whom the texts of posts and comments mention: stored by id, and published once, when they may see it. */
@Injectable()
export class MentionsService {
  constructor(
    private readonly db: Database,
    private readonly bus: Bus,
    private readonly mentions: MentionsRepository,
    private readonly mutedWords: MutedWordsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Finds out whom a text mentions; comes before the transaction, since nothing remote belongs in one. */
  async resolve(writerId: string, text: string): Promise<Mention[]> {
    const names = mentionsOf(text);
    return names.length === 0 ? [] : this.bus.call(mentionRpc.resolve, { writerId, names });
  }

  /** The same for a command that may be a repeat, which mentions nobody anew. */
  async resolveFirst(
    writerId: string,
    text: string,
    { contract, input, idempotencyKey }: { contract: Rpc; input: unknown; idempotencyKey: string | undefined },
  ): Promise<Mention[]> {
    if (mentionsOf(text).length === 0) return [];
    return (await beforeFirst(this.db, idempotencyKey, contract, input, () => this.resolve(writerId, text))) ?? [];
  }

  /** Stores whom a new or changed text mentions, notifies those who are new and may see it, and takes back what others were notified of. */
  async store(tx: Tx, content: Mentioning, text: string, mentions: Mention[]): Promise<void> {
    await this.takeBack(tx, content, mentionsOf(text));
    if (mentions.length > 0) await this.mentions.add(tx, content, mentions);
    await this.notify(tx, content, text);
  }

  /** Notifies whoever is mentioned, was not notified yet, and may see it now, such as when a draft is published. */
  async notify(tx: Tx, content: Mentioning, text: string): Promise<void> {
    const notified = await this.mentions.notify(tx, content);
    const willing = await Promise.all(notified.map(async (one) => !(await this.isMutedBy(tx, one, text))));
    const mentionedIds = notified.filter((_, index) => willing[index]).map(({ userId }) => userId);
    if (mentionedIds.length > 0)
      await this.outbox.add(tx, postEvent.mentioned, await this.factOf(tx, content, mentionedIds));
  }

  /** Takes back what was published of a comment that is deleted. */
  remove(tx: Tx, content: Mentioning): Promise<void> {
    return this.takeBack(tx, content, []);
  }

  ofContents({ ids }: Parsed<typeof contentMentionRpc.ofContents>): Promise<ContentMentions[]> {
    return this.mentions.ofContents(ids);
  }

  private async takeBack(tx: Tx, content: Mentioning, names: string[]): Promise<void> {
    const mentionedIds = await this.mentions.keepOnly(tx, content.commentId ?? content.postId, names);
    if (mentionedIds.length > 0)
      await this.outbox.add(tx, postEvent.unmentioned, await this.factOf(tx, content, mentionedIds));
  }

  private async isMutedBy(tx: Tx, { userId, mutesWords }: Mentioned, text: string): Promise<boolean> {
    return mutesWords && ((await this.mutedWords.of(userId, tx))?.areIn(text) ?? false);
  }

  private async factOf(tx: Tx, content: Mentioning, mentionedIds: string[]): Promise<MentionFact> {
    const version = await this.mentions.nextVersion(tx);
    return { ...content, mentionedIds, version, at: new Date().toISOString() };
  }
}
