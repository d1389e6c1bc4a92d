import { Injectable } from '@nestjs/common';
import { AppError, badInput, type Output, type Parsed } from '@fowergram/contracts-core';
import {
  MAX_MUTED_WORDS,
  type MutedWord,
  type MutedWordList,
  mutedWordRpc,
  userEvent,
} from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { MutedWordsRepository } from './muted-words.repository.js';

type Add = typeof mutedWordRpc.add;
type Remove = typeof mutedWordRpc.remove;

/** The words that users do not want to meet. Who shows texts has a copy of the list and decides with it. */
@Injectable()
export class MutedWordsService {
  constructor(
    private readonly db: Database,
    private readonly words: MutedWordsRepository,
    private readonly profiles: VisibleProfilesService,
    private readonly outbox: Outbox,
  ) {}

  async add(input: Parsed<Add>, idempotencyKey: string | undefined): Promise<Output<Add>> {
    const { userId, text, expiresAt } = input;
    const answer = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, mutedWordRpc.add, input, async () => {
        requireFuture(expiresAt);
        await this.begin(tx, userId);
        const word = await this.words.put(tx, userId, text, expiresAt ?? null);
        return { word, list: await this.announce(tx, userId) };
      }),
    );
    this.outbox.trigger();
    return answer;
  }

  async remove(input: Parsed<Remove>, idempotencyKey: string | undefined): Promise<Output<Remove>> {
    const { userId, id } = input;
    const answer = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, mutedWordRpc.remove, input, async () => {
        await this.begin(tx, userId);
        await this.words.remove(tx, userId, id);
        return { list: await this.announce(tx, userId) };
      }),
    );
    this.outbox.trigger();
    return answer;
  }

  list(userId: string): Promise<MutedWord[]> {
    return this.words.ofUser(this.db, userId);
  }

  private async begin(tx: Tx, userId: string): Promise<void> {
    await this.words.lock(tx, userId);
    await this.profiles.requireActor(tx, userId, 'userId');
  }

  private async announce(tx: Tx, userId: string): Promise<MutedWordList> {
    const list = await this.words.asList(tx, userId);
    if (list.words.length > MAX_MUTED_WORDS)
      throw new AppError('FORBIDDEN', `Nobody can mute more than ${MAX_MUTED_WORDS} words.`, {
        path: ['text'],
        reason: 'MUTED_WORD_LIMIT',
      });
    await this.outbox.add(tx, userEvent.mutedWordsChanged, list);
    return list;
  }
}

function requireFuture(expiresAt: string | null | undefined): void {
  if (expiresAt && Date.parse(expiresAt) <= Date.now())
    throw badInput(['expiresAt'], 'A mute ends in the future.', 'NOT_IN_FUTURE');
}
