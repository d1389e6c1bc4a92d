import { Injectable } from '@nestjs/common';
import {
  type Edge,
  idPart,
  keyset,
  NEWEST,
  type Page,
  type Parsed,
  type Position,
  textPart,
  timePart,
} from '@fowergram/contracts-core';
import type { Post, postDiscoveryRpc } from '@fowergram/contracts-post';
import { MutedWordsRepository } from '@fowergram/visibility';
import { CaptionsRepository } from '../posts/captions.repository.js';
import { ExploreRepository } from './explore.repository.js';
import { FoundPostsService, type Place, type Stretch } from './found-posts.service.js';
import { firstOfRuns } from './runs.rules.js';

/** Of a run of posts by one author a page shows the first, so more is read than shown. */
const READ_AHEAD = 5;

/** A page that ends behind posts that the viewer does not see tells whose the last one is that was shown. */
interface PlaceBehind extends Position {
  shownBefore: string;
}
const cursors = keyset<PlaceBehind>({ at: timePart, id: idPart, shownBefore: textPart(36) });
const NOBODY = 'nobody';

@Injectable()
export class ExploreService {
  constructor(
    private readonly explored: ExploreRepository,
    private readonly found: FoundPostsService,
    private readonly captions: CaptionsRepository,
    private readonly mutedWords: MutedWordsRepository,
  ) {}

  async explore({ viewerId, first, after }: Parsed<typeof postDiscoveryRpc.explore>): Promise<Page<Post>> {
    const from = after ? cursors.keyOf(after) : undefined;
    let shownBefore = from && (from.shownBefore || (await this.explored.authorOf(from.id)));
    const choose = (posts: Edge<Post>[]): Edge<Post>[] => {
      const chosen = firstOfRuns(posts, ({ node }) => node.authorId, shownBefore);
      shownBefore = posts.at(-1)?.node.authorId ?? shownBefore;
      return chosen;
    };
    const read = (position: Position, limit: number) => this.stretch(viewerId, position, limit, shownBefore);
    const cursorOf = (next: Position) => cursors.cursorOf({ ...next, shownBefore: shownBefore ?? NOBODY });
    return this.found.page({ viewerId, first, from: from ?? NEWEST }, { read, choose, cursorOf });
  }

  private async stretch(
    viewerId: string | null,
    after: Position,
    limit: number,
    shownBefore: string | undefined,
  ): Promise<Stretch> {
    const { places, next } = await this.explored.stretch(viewerId, after, READ_AHEAD * limit);
    const unmuted = await this.withoutMuted(places, viewerId);
    const chosen = firstOfRuns(unmuted, ({ authorId }) => authorId, shownBefore);
    if (chosen.length < limit) return { places: chosen, next };
    return { places: chosen.slice(0, limit), next: chosen[limit - 1] };
  }

  /** A muted post in front of a run makes room for the next one of its author, so it is left out before the runs are seen. */
  private async withoutMuted(places: Place[], viewerId: string | null): Promise<Place[]> {
    const muted = viewerId === null ? undefined : await this.mutedWords.of(viewerId);
    if (!muted || places.length === 0) return places;
    const captions = await this.captions.of(places.map(({ id }) => id));
    return places.filter(({ id }) => !muted.areIn(captions.get(id) ?? ''));
  }
}
