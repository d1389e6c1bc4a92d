import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Hashtag, hashtagRpc, type Post } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { HashtagsService } from './hashtags.service.js';
import { TrendingService } from './trending.service.js';

@Controller()
export class HashtagsController {
  constructor(
    private readonly hashtags: HashtagsService,
    private readonly trends: TrendingService,
  ) {}

  @Handle(hashtagRpc.byNames)
  byNames(input: Parsed<typeof hashtagRpc.byNames>): Promise<Hashtag[]> {
    return this.hashtags.byNames(input);
  }

  @Handle(hashtagRpc.posts)
  posts(input: Parsed<typeof hashtagRpc.posts>): Promise<Page<Post>> {
    return this.hashtags.posts(input);
  }

  @Handle(hashtagRpc.follow)
  follow(input: Parsed<typeof hashtagRpc.follow>, { idempotencyKey }: Envelope): Promise<Hashtag> {
    return this.hashtags.follow(input, idempotencyKey);
  }

  @Handle(hashtagRpc.unfollow)
  unfollow(input: Parsed<typeof hashtagRpc.unfollow>, { idempotencyKey }: Envelope): Promise<Hashtag> {
    return this.hashtags.unfollow(input, idempotencyKey);
  }

  @Handle(hashtagRpc.followed)
  followed(input: Parsed<typeof hashtagRpc.followed>): Promise<string[]> {
    return this.hashtags.followed(input);
  }

  @Handle(hashtagRpc.trending)
  trending(input: Parsed<typeof hashtagRpc.trending>): Promise<string[]> {
    return this.trends.trending(input);
  }
}
