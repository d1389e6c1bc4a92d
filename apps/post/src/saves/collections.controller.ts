import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type Collection, collectionRpc, type Post } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { CollectionsService } from './collections.service.js';

@Controller()
export class CollectionsController {
  constructor(private readonly collections: CollectionsService) {}

  @Handle(collectionRpc.create)
  create(input: Parsed<typeof collectionRpc.create>, { idempotencyKey }: Envelope): Promise<Collection> {
    return this.collections.create(input, idempotencyKey);
  }

  @Handle(collectionRpc.rename)
  rename(input: Parsed<typeof collectionRpc.rename>, { idempotencyKey }: Envelope): Promise<Collection> {
    return this.collections.rename(input, idempotencyKey);
  }

  @Handle(collectionRpc.delete)
  delete(input: Parsed<typeof collectionRpc.delete>, { idempotencyKey }: Envelope): Promise<Record<string, never>> {
    return this.collections.delete(input, idempotencyKey);
  }

  @Handle(collectionRpc.list)
  list(input: Parsed<typeof collectionRpc.list>): Promise<Page<Collection>> {
    return this.collections.list(input);
  }

  @Handle(collectionRpc.byIds)
  byIds(input: Parsed<typeof collectionRpc.byIds>): Promise<Collection[]> {
    return this.collections.byIds(input);
  }

  @Handle(collectionRpc.postCounts)
  postCounts(input: Parsed<typeof collectionRpc.postCounts>): Promise<Output<typeof collectionRpc.postCounts>> {
    return this.collections.postCounts(input);
  }

  @Handle(collectionRpc.posts)
  posts(input: Parsed<typeof collectionRpc.posts>): Promise<Page<Post>> {
    return this.collections.posts(input);
  }
}
