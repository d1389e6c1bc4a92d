import { Injectable } from '@nestjs/common';
import {
  decodePosition,
  type Edge,
  encodePosition,
  NEWEST,
  type Page,
  type Position,
  toPage,
} from '@fowergram/contracts-core';
import type { Post } from '@fowergram/contracts-post';
import { Database } from '@fowergram/database';
import { MutedWordsRepository } from '@fowergram/visibility';
import { PostsRepository } from '../posts/posts.repository.js';

/** Where a post stands in a list, and whose it is. */
export interface Place extends Position {
  authorId: string;
}

/** Places of a list one after another, and where the list goes on; undefined at its end. */
export interface Stretch {
  places: Place[];
  next: Position | undefined;
}

/** A list of listed posts as one viewer finds them, read in stretches of a bounded number of posts. */
export interface FoundList {
  /** The places after a position, at most so many of them. */
  read: (after: Position, limit: number) => Promise<Stretch>;
  /** Which of the posts to show, in the order of the list. */
  choose?: (posts: Edge<Post>[]) => Edge<Post>[];
}

export interface PageOfFound {
  viewerId: string | null;
  first: number;
  after?: string | null | undefined;
}

/** A page ends where so many stretches did not fill it: reading on would take as long as the list is. */
const MAX_STRETCHES = 5;

/** Makes pages of lists whose statements leave out what the viewer does not find; muted words are looked for in what is left. */
@Injectable()
export class FoundPostsService {
  constructor(
    private readonly db: Database,
    private readonly posts: PostsRepository,
    private readonly mutedWords: MutedWordsRepository,
  ) {}

  async page({ viewerId, first, after }: PageOfFound, { read, choose }: FoundList): Promise<Page<Post>> {
    const edges: Edge<Post>[] = [];
    let position: Position | undefined = after ? decodePosition(after) : NEWEST;
    for (let stretch = 0; stretch < MAX_STRETCHES && position && edges.length <= first; stretch++) {
      const { places, next }: Stretch = await read(position, first + 1 - edges.length);
      const shown = await this.show(places, viewerId);
      edges.push(...(choose?.(shown) ?? shown));
      position = next;
    }
    return toPage(edges, first, (edge) => edge);
  }

  private async show(places: Place[], viewerId: string | null): Promise<Edge<Post>[]> {
    if (places.length === 0) return [];
    const ids = places.map(({ id }) => id);
    const [posts, muted] = await Promise.all([
      this.posts.byIds(this.db, ids, viewerId),
      viewerId === null ? undefined : this.mutedWords.of(viewerId),
    ]);
    const shown = new Map(posts.map((post) => [post.id, post]));
    return places.flatMap((place) => {
      const post = shown.get(place.id);
      const isMuted = post && post.authorId !== viewerId && muted?.areIn(post.caption);
      return post && !isMuted ? [{ cursor: encodePosition(place), node: post }] : [];
    });
  }
}
