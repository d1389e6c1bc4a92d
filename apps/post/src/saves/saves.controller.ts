import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type Post, saveRpc } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { SavesService } from './saves.service.js';

@Controller()
export class SavesController {
  constructor(private readonly saves: SavesService) {}

  @Handle(saveRpc.save)
  save(input: Parsed<typeof saveRpc.save>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.saves.save(input, idempotencyKey);
  }

  @Handle(saveRpc.unsave)
  unsave(input: Parsed<typeof saveRpc.unsave>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.saves.unsave(input, idempotencyKey);
  }

  @Handle(saveRpc.savedPosts)
  savedPosts(input: Parsed<typeof saveRpc.savedPosts>): Promise<Page<Post>> {
    return this.saves.savedPosts(input);
  }

  @Handle(saveRpc.savedAmong)
  savedAmong(input: Parsed<typeof saveRpc.savedAmong>): Promise<Output<typeof saveRpc.savedAmong>> {
    return this.saves.savedAmong(input);
  }
}
