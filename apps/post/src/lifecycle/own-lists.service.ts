import { Injectable } from '@nestjs/common';
import { type Page, type Parsed, readingOnByTime } from '@fowergram/contracts-core';
import type { Post, postLifeRpc } from '@fowergram/contracts-post';
import { readPlaced } from '../posts/placed-posts.repository.js';
import { OwnPostsRepository } from './own-posts.repository.js';

/** The author's lists of what others do not see. */
@Injectable()
export class OwnListsService {
  constructor(private readonly posts: OwnPostsRepository) {}

  own({ userId, state, ...page }: Parsed<typeof postLifeRpc.own>): Promise<Page<Post>> {
    return readPlaced(readingOnByTime(page), (next) => this.posts.list(userId, state, next));
  }
}
