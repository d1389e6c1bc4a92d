import { Controller } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type ContentMentions, contentMentionRpc } from '@fowergram/contracts-post';
import { Handle } from '@fowergram/messaging';
import { MentionsService } from './mentions.service.js';

@Controller()
export class MentionsController {
  constructor(private readonly mentions: MentionsService) {}

  @Handle(contentMentionRpc.ofContents)
  ofContents(input: Parsed<typeof contentMentionRpc.ofContents>): Promise<ContentMentions[]> {
    return this.mentions.ofContents(input);
  }
}
