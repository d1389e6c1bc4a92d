import { Injectable } from '@nestjs/common';
import { decodePosition, encodePosition, NEWEST, type Page, type Parsed, toPage } from '@fowergram/contracts-core';
import type { Post, postLifeRpc } from '@fowergram/contracts-post';
import { OwnPostsRepository } from './own-posts.repository.js';

/** The author's lists of what others do not see. */
@Injectable()
export class OwnListsService {
  constructor(private readonly posts: OwnPostsRepository) {}

  async own({ userId, state, first, after }: Parsed<typeof postLifeRpc.own>): Promise<Page<Post>> {
    const posts = await this.posts.list(userId, state, after ? decodePosition(after) : NEWEST, first + 1);
    return toPage(posts, first, (post) => ({
      cursor: encodePosition({ at: new Date(post.createdAt), id: post.id }),
      node: post,
    }));
  }
}
