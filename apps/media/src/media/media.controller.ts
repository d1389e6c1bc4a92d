import { Controller } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { Handle } from '@fowergram/messaging';
import { MediaService } from './media.service.js';

@Controller()
export class MediaController {
  constructor(private readonly media: MediaService) {}

  @Handle(mediaRpc.byIds)
  byIds({ ids, ownerId }: Parsed<typeof mediaRpc.byIds>): Promise<Media[]> {
    return ownerId ? this.media.ofOwner(ids, ownerId) : this.media.byIds(ids);
  }
}
