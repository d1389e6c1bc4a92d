import { Inject, Injectable } from '@nestjs/common';
import { type Counter, Registry } from 'prom-client';
import {
  decodePosition,
  encodePosition,
  NEWEST,
  OLDEST,
  type Output,
  type Page,
  type Parsed,
  type Position,
  toPageUpTo,
} from '@fowergram/contracts-core';
import type { Post, PostRevision, postRpc } from '@fowergram/contracts-post';
import { userRpc } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { counter, type Logger, LOGGER } from '@fowergram/service-kit';
import { MutedWordsRepository } from '@fowergram/visibility';
import { ErasuresRepository } from '../erasure/erasures.repository.js';
import { CaptionsRepository } from '../posts/captions.repository.js';
import { FeedCache, type Lease, type Skeleton } from './feed.cache.js';
import { MAX_MEMBERS } from './feed.keys.js';
import { type FeedEntry, FeedRepository, newestFirst, type Stretch } from './feed.repository.js';
import { HashtagFeedRepository } from './hashtag-feed.repository.js';

/** A page that lost rows is filled up in steps that begin with no less than this. */
const MIN_STEP = 20;

/** A page ends where so many of its posts have a muted word, and the next one goes on there: reading on would take as long as the feed is. */
const MAX_MUTED = 500;

type HomeFeedInput = Parsed<typeof postRpc.homeFeed>;
const SOURCES = ['cache', 'rebuilt', 'stored'] as const;
type Source = (typeof SOURCES)[number];

/**
 * The home feed: posts of the users and with the hashtags whom the viewer follows and the viewer's own ones, newest first, without an
 * end. A post is of its co-authors, too.
 *
 * Redis holds ids of the posts of others; every page is checked against Postgres when it is hydrated, so a deleted post is never
 * shown. What the viewer may not see now, or has muted, stays in the cache and is left out by the same statement: it may come back.
 * The viewer's own posts are not cached but merged by the statement that hydrates: an author sees the own post at once,
 * whatever happens to Redis. Nor are those of hashtags, which one more statement reads for who follows some (ADR 33). Where the cache ends, is cold or out of reach, the ids come from Postgres in the same order.
 */
@Injectable()
export class FeedService {
  private readonly pages: Counter<'source'>;

  constructor(
    private readonly cache: FeedCache,
    private readonly feeds: FeedRepository,
    private readonly hashtags: HashtagFeedRepository,
    private readonly mutedWords: MutedWordsRepository,
    private readonly captions: CaptionsRepository,
    private readonly erasures: ErasuresRepository,
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.pages = counter(
      metrics,
      'home_feed_reads_total',
      'Stretches of home feeds read, by where the ids came from.',
      ['source'],
    );
    for (const source of SOURCES) this.pages.inc({ source }, 0);
  }

  async home({ viewerId, first, after, takesReferences }: HomeFeedInput): Promise<Output<typeof postRpc.homeFeed>> {
    const entries: FeedEntry[] = [];
    const start = after ? decodePosition(after) : NEWEST;
    let position = start;
    let muted = 0;
    // Steps that grow, since a hidden author may have filled the whole cache.
    for (
      let step = first + 1;
      entries.length <= first && position !== OLDEST && muted < MAX_MUTED;
      step = Math.min(Math.max(2 * step, MIN_STEP), MAX_MEMBERS)
    ) {
      const limit = first + 1 - entries.length;
      const { ids, lowest } = await this.skeleton(viewerId, position, step);
      const stretch = { ids, after: position, lowest, limit };
      const hydrated = await (takesReferences && position === start
        ? this.feeds.hydrateFirst(viewerId, stretch)
        : this.feeds.hydrate(viewerId, stretch));
      if (hydrated.entries.length < limit) await this.clean(viewerId, ids, hydrated.entries);
      const found = hydrated.followsHashtags
        ? await this.withHashtags(viewerId, hydrated.entries, { ...stretch, lowest: hydrated.end })
        : hydrated.entries;
      const shown = hydrated.mutesWords && found.length > 0 ? await this.withoutMutedWords(viewerId, found) : found;
      entries.push(...shown);
      muted += found.length - shown.length;
      // The rest of a stretch that was cut off comes next.
      position = found.length < limit ? hydrated.end : positionOf(found.at(-1)!);
    }
    const edges = entries.map((entry) => ({ cursor: encodePosition(positionOf(entry)), node: entry.node }));
    const page = toPageUpTo(edges, first, position === OLDEST ? undefined : encodePosition(position));
    return takesReferences ? { ...page, edges: [], references: page.edges } : (page as Page<Post>);
  }

  /** Those of the posts that still have the revision that is asked for. */
  revisions({ references }: Parsed<typeof postRpc.revisions>): Promise<PostRevision[]> {
    return this.feeds.revisions(references);
  }

  /** From here on the feed is made of whom the viewer follows now. */
  async invalidate(viewerId: string): Promise<void> {
    // While Redis is unreachable this process reads no cached feed of the viewer, and the event of the same change is delivered
    // again until the feed is invalidated.
    await this.cache
      .invalidate(viewerId)
      .catch((error: unknown) => this.log.warn({ err: error }, 'feed not invalidated yet'));
  }

  /** The newest of both; a post by somebody whom the viewer follows, too, comes once. */
  private async withHashtags(viewerId: string, entries: FeedEntry[], stretch: Stretch): Promise<FeedEntry[]> {
    const { after, lowest, limit } = stretch;
    const tagged = await this.hashtags.between(viewerId, after, lowest, limit);
    const all = new Map([...tagged, ...entries].map((entry) => [entry.id, entry]));
    return [...all.values()].sort(newestFirst).slice(0, limit);
  }

  private async withoutMutedWords(viewerId: string, entries: FeedEntry[]): Promise<FeedEntry[]> {
    const words = await this.mutedWords.of(viewerId);
    if (!words) return entries;
    const elsewhere = entries.flatMap(({ node }) => ('revision' in node ? node.id : (node.repostOf ?? [])));
    const captions = elsewhere.length > 0 ? await this.captions.of(elsewhere) : new Map<string, string>();
    const captionOf = (id: string | null) => captions.get(id ?? '') ?? '';
    const textsOf = ({ node }: FeedEntry) =>
      'revision' in node ? [captionOf(node.id)] : [node.caption, captionOf(node.repostOf)];
    return entries.filter((entry) => entry.authorId === viewerId || !textsOf(entry).some((text) => words.areIn(text)));
  }

  private async skeleton(viewerId: string, after: Position, count: number): Promise<Skeleton> {
    const cached = await this.readCache(viewerId, after, count);
    if (typeof cached === 'object') return this.found('cache', cached);
    const lease = cached === 'cold' ? await this.cache.lease(viewerId).catch(() => undefined) : undefined;
    // The lease comes first: should the viewer unfollow somebody after this answer was made, the lease is lost.
    const { ids: authorIds } = await this.bus.call(userRpc.followeeIds, { userId: viewerId });
    if (lease && (await this.rebuild(viewerId, lease, authorIds))) {
      const rebuilt = await this.readCache(viewerId, after, count);
      if (typeof rebuilt === 'object') return this.found('rebuilt', rebuilt);
    }
    const positions = await this.feeds.newestShown(viewerId, authorIds, after, count);
    return this.found('stored', {
      ids: positions.map(({ id }) => id),
      lowest: positions.length < count ? OLDEST : positions.at(-1)!,
    });
  }

  private readCache(
    viewerId: string,
    after: Position,
    count: number,
  ): Promise<Skeleton | 'cold' | 'beyond' | 'unreachable'> {
    return this.cache.read(viewerId, after === NEWEST ? undefined : after, count).catch(() => 'unreachable' as const);
  }

  /**
   * Opens the feed for pushes, then reads the past: a post that was committed before the read is found by it, one committed later
   * is pushed into the open feed, most are both. False when the feed was invalidated meanwhile, or Redis lost it.
   */
  private async rebuild(viewerId: string, lease: Lease, authorIds: string[]): Promise<boolean> {
    try {
      // Nothing of an erased user is cached: an erasure that begins later invalidates the feed, and this lease with it.
      if (await this.erasures.has(viewerId)) return false;
      if (!(await this.cache.open(viewerId, lease, authorIds))) return false;
      const past = await this.feeds.newest(viewerId, authorIds, NEWEST, MAX_MEMBERS);
      return await this.cache.fill(viewerId, lease, past, past.length < MAX_MEMBERS);
    } catch (error) {
      this.log.warn({ err: error }, 'feed not rebuilt, answering from Postgres');
      return false;
    }
  }

  private async clean(viewerId: string, ids: string[], shown: FeedEntry[]): Promise<void> {
    const there = new Set(shown.map(({ id }) => id));
    const missing = ids.filter((id) => !there.has(id));
    const absent = missing.length > 0 ? await this.feeds.absentAmong(missing) : [];
    if (absent.length === 0) return;
    await this.cache.remove(viewerId, absent).catch(() => undefined);
    // One that came back in between was delivered before it was taken out.
    const stillAbsent = await this.feeds.absentAmong(absent);
    if (stillAbsent.length < absent.length) await this.invalidate(viewerId);
  }

  private found(source: Source, skeleton: Skeleton): Skeleton {
    this.pages.inc({ source });
    return skeleton;
  }
}

const positionOf = ({ createdMs, id }: FeedEntry): Position => ({ at: new Date(createdMs), id });
