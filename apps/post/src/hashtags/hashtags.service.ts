import { Injectable } from '@nestjs/common';
import { AppError, decodePosition, NEWEST, type Page, type Parsed } from '@fowergram/contracts-core';
import { type Hashtag, hashtagRpc, MAX_FOLLOWED_HASHTAGS, type Post } from '@fowergram/contracts-post';
import { Database, one, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { FoundPostsService } from '../discovery/found-posts.service.js';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { HashtagPostsRepository } from './hashtag-posts.repository.js';
import { HashtagsRepository } from './hashtags.repository.js';

type Follow = Parsed<typeof hashtagRpc.follow>;

@Injectable()
export class HashtagsService {
  constructor(
    private readonly db: Database,
    private readonly hashtags: HashtagsRepository,
    private readonly hashtagPosts: HashtagPostsRepository,
    private readonly found: FoundPostsService,
  ) {}

  byNames({ names, viewerId }: Parsed<typeof hashtagRpc.byNames>): Promise<Hashtag[]> {
    return this.hashtags.byNames(this.db, names, viewerId);
  }

  posts({ first, after, ...list }: Parsed<typeof hashtagRpc.posts>): Promise<Page<Post>> {
    return this.found.page(
      { viewerId: list.viewerId, first, from: after ? decodePosition(after) : NEWEST },
      { read: (position, limit) => this.hashtagPosts.stretch(list, position, limit) },
    );
  }

  follow(input: Follow, idempotencyKey: string | undefined): Promise<Hashtag> {
    return this.change(hashtagRpc.follow, input, idempotencyKey, async (tx) => {
      if ((await this.hashtags.follow(tx, input.userId, input.name)) > MAX_FOLLOWED_HASHTAGS) throw tooMany();
    });
  }

  unfollow(input: Follow, idempotencyKey: string | undefined): Promise<Hashtag> {
    return this.change(hashtagRpc.unfollow, input, idempotencyKey, (tx) =>
      this.hashtags.unfollow(tx, input.userId, input.name),
    );
  }

  followed({ userId }: Parsed<typeof hashtagRpc.followed>): Promise<string[]> {
    return this.hashtags.followed(userId);
  }

  private change(
    contract: typeof hashtagRpc.follow | typeof hashtagRpc.unfollow,
    input: Follow,
    idempotencyKey: string | undefined,
    effect: (tx: Tx) => Promise<void>,
  ): Promise<Hashtag> {
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, contract, input, async () => {
        if (!(await this.hashtags.lock(tx, input.userId))) throw accountIsDeleted();
        await effect(tx);
        return one(await this.hashtags.byNames(tx, [input.name], input.userId));
      }),
    );
  }
}

const tooMany = () =>
  new AppError('FORBIDDEN', `Nobody can follow more than ${MAX_FOLLOWED_HASHTAGS} hashtags.`, {
    path: ['name'],
    reason: 'HASHTAG_FOLLOW_LIMIT',
  });
