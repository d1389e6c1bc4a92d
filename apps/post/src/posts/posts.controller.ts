import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type Post, postRpc, type PostStatus } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { PostsService } from './posts.service.js';

@Controller()
export class PostsController {
  constructor(private readonly posts: PostsService) {}

  @Handle(postRpc.create)
  create(input: Parsed<typeof postRpc.create>, envelope: Envelope): Promise<Post> {
    return this.posts.create(input, envelope);
  }

  @Handle(postRpc.byIds)
  byIds(input: Parsed<typeof postRpc.byIds>): Promise<Post[]> {
    return this.posts.byIds(input);
  }

  @Handle(postRpc.statuses)
  statuses(input: Parsed<typeof postRpc.statuses>): Promise<PostStatus[]> {
    return this.posts.statuses(input);
  }

  @Handle(postRpc.byCode)
  byCode(input: Parsed<typeof postRpc.byCode>): Promise<Output<typeof postRpc.byCode>> {
    return this.posts.byCode(input);
  }

  @Handle(postRpc.byAuthor)
  byAuthor(input: Parsed<typeof postRpc.byAuthor>): Promise<Page<Post>> {
    return this.posts.byAuthor(input);
  }

  @Handle(postRpc.countsByAuthors)
  countsByAuthors(input: Parsed<typeof postRpc.countsByAuthors>): Promise<Output<typeof postRpc.countsByAuthors>> {
    return this.posts.countsByAuthors(input);
  }
}
