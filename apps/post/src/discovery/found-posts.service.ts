import { Injectable } from '@nestjs/common';
import { type Edge, encodePosition, type Page, type Position, toPageUpTo } from '@fowergram/contracts-core';
import type { Post } from '@fowergram/contracts-post';
import { Replicas } from '@fowergram/database';
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
  /** The cursor that goes on behind what was looked at, where that is more than is shown. */
  cursorOf?: (next: Position) => string;
}

export interface PageOfFound {
  viewerId: string | null;
  first: number;
  from: Position;
}

/** A page ends where so many stretches did not fill it, and the next one goes on there: reading on would take as long as the list is. */
const MAX_STRETCHES = 5;

/** Makes pages of lists whose statements leave out what the viewer does not find; muted words are looked for in what is left. */
@Injectable()
export class FoundPostsService {
  constructor(
    private readonly replicas: Replicas,
    private readonly posts: PostsRepository,
    private readonly mutedWords: MutedWordsRepository,
  ) {}

  async page(
    { viewerId, first, from }: PageOfFound,
    { read, choose, cursorOf = encodePosition }: FoundList,
  ): Promise<Page<Post>> {
    const edges: Edge<Post>[] = [];
    let position: Position | undefined = from;
    for (let stretch = 0; stretch < MAX_STRETCHES && position && edges.length <= first; stretch++) {
      const { places, next }: Stretch = await read(position, first + 1 - edges.length);
      const shown = await this.show(places, viewerId);
      edges.push(...(choose?.(shown) ?? shown));
      position = next;
    }
    return toPageUpTo(edges, first, position && cursorOf(position));
  }

  private async show(places: Place[], viewerId: string | null): Promise<Edge<Post>[]> {
    if (places.length === 0) return [];
    const ids = places.map(({ id }) => id);
    const [posts, muted] = await Promise.all([
      this.posts.byIds(this.replicas, ids, viewerId),
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
