import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { type MutedWord, mutedWordRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { MutedWordsService } from './muted-words.service.js';

@Controller()
export class MutedWordsController {
  constructor(private readonly words: MutedWordsService) {}

  @Handle(mutedWordRpc.add)
  add(input: Parsed<typeof mutedWordRpc.add>, { idempotencyKey }: Envelope): Promise<Output<typeof mutedWordRpc.add>> {
    return this.words.add(input, idempotencyKey);
  }

  @Handle(mutedWordRpc.remove)
  remove(
    input: Parsed<typeof mutedWordRpc.remove>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof mutedWordRpc.remove>> {
    return this.words.remove(input, idempotencyKey);
  }

  @Handle(mutedWordRpc.list)
  list({ userId }: Parsed<typeof mutedWordRpc.list>): Promise<MutedWord[]> {
    return this.words.list(userId);
  }
}
