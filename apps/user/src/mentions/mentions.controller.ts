import { Controller } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type BioMentions, type Mention, mentionRpc } from '@fowergram/contracts-user';
import { Handle } from '@fowergram/messaging';
import { MentionsService } from './mentions.service.js';

@Controller()
export class MentionsController {
  constructor(private readonly mentions: MentionsService) {}

  @Handle(mentionRpc.resolve)
  resolve(input: Parsed<typeof mentionRpc.resolve>): Promise<Mention[]> {
    return this.mentions.resolve(input);
  }

  @Handle(mentionRpc.ofBios)
  ofBios(input: Parsed<typeof mentionRpc.ofBios>): Promise<BioMentions[]> {
    return this.mentions.ofBios(input);
  }
}
