import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Post, type PostTags, tagRpc } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { TagsService } from './tags.service.js';

@Controller()
export class TagsController {
  constructor(private readonly tags: TagsService) {}

  @Handle(tagRpc.set)
  set(input: Parsed<typeof tagRpc.set>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.tags.set(input, idempotencyKey);
  }

  @Handle(tagRpc.approve)
  approve(input: Parsed<typeof tagRpc.approve>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.tags.approve(input, idempotencyKey);
  }

  @Handle(tagRpc.remove)
  remove(input: Parsed<typeof tagRpc.remove>, { idempotencyKey }: Envelope): Promise<{ removed: boolean }> {
    return this.tags.remove(input, idempotencyKey);
  }

  @Handle(tagRpc.ofPosts)
  ofPosts(input: Parsed<typeof tagRpc.ofPosts>): Promise<PostTags[]> {
    return this.tags.ofPosts(input);
  }

  @Handle(tagRpc.taggedPosts)
  taggedPosts(input: Parsed<typeof tagRpc.taggedPosts>): Promise<Page<Post>> {
    return this.tags.taggedPosts(input);
  }
}
