import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import type { CountedLimit } from './counted-limits.js';
import { afterTaking, type EmptyAt, limitMs, waitMs } from './levels.rules.js';
import { LimitsClock } from './limits-clock.service.js';
import { type FillingGroup, type FillingReply, PointsCache, sharedKey } from './points.cache.js';

/** What this process knows of a bucket, at least as full as it says; `unsharedMs` is what the others do not know yet. */
export interface Level {
  /** Its key in Redis. */
  key: string;
  limit: CountedLimit;
  emptyAt: EmptyAt;
  unsharedMs: number;
}

/** Points that somebody wants from a bucket. */
export interface Wanted {
  level: Level;
  points: number;
}

/** The bucket that is too full, and for how long. */
export interface Shortage {
  level: Level;
  waitMs: number;
}

/** About 10 MB. What is pushed out is remembered by Redis, or, while that is away, was the one not seen for longest. */
const MAX_LEVELS = 20_000;
/** How long what is read here is not counted elsewhere. */
const SHARE_AFTER_MS = 50;
const TRY_AGAIN_AFTER_MS = 1_000;
const MAX_KEYS_PER_CALL = 500;

interface Question {
  group: FillingGroup;
  answer: (reply: FillingReply | undefined) => void;
}

/**
 * Takes points. What must be exact is asked of Redis, all that is asked in one turn of the event loop together; what may be a little
 * late is counted here and shared twenty times a second. While Redis is away the count of this process is all there is.
 */
@Injectable()
export class PointsService implements OnModuleDestroy {
  private readonly levels = new LRUCache<string, Level>({ max: MAX_LEVELS });
  private readonly unshared = new Set<Level>();
  private questions: Question[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isSharing = false;
  private awayUntil = 0;

  constructor(
    private readonly cache: PointsCache,
    private readonly clock: LimitsClock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleDestroy(): void {
    clearTimeout(this.timer);
  }

  /** How much this process remembers, which is bounded. */
  get size(): { known: number; unshared: number } {
    return { known: this.levels.size, unshared: this.unshared.size };
  }

  level(key: string, limit: CountedLimit): Level {
    let level = this.levels.get(key);
    if (!level) this.levels.set(key, (level = { key: sharedKey(key), limit, emptyAt: 0, unsharedMs: 0 }));
    return level;
  }

  /** The first bucket that has no room, as far as this process knows: it may not know of others' points, but never of too many. */
  shortage(wanted: readonly Wanted[], now = this.clock.now()): Shortage | undefined {
    for (const { level, points } of wanted) {
      const wait = waitMs(level.limit, level.emptyAt, now, points);
      if (wait > 0) return { level, waitMs: wait };
    }
    return undefined;
  }

  /** Takes points at once and tells the others a little later. */
  takeLocally(wanted: readonly Wanted[], now = this.clock.now()): void {
    for (const { level, points } of wanted) {
      level.emptyAt = afterTaking(level.limit, level.emptyAt, now, points);
      level.unsharedMs += points * level.limit.msPerPoint;
      if (this.unshared.size < MAX_LEVELS) this.unshared.add(level);
    }
    this.shareLater(SHARE_AFTER_MS);
  }

  /** Takes all of the points or none of them, as all gateways count; answers the bucket that has no room. */
  async take(wanted: readonly Wanted[]): Promise<Shortage | undefined> {
    const known = this.shortage(wanted);
    if (known) return known;
    const reply = await this.ask(wanted);
    if (!reply) {
      const shortage = this.shortage(wanted);
      if (!shortage) this.takeLocally(wanted);
      return shortage;
    }
    wanted.forEach(({ level }, index) => learn(level, reply.emptyAt[index]!));
    if (reply.fits) return undefined;
    return this.shortage(wanted) ?? { level: wanted[0]!.level, waitMs: 1 };
  }

  private ask(wanted: readonly Wanted[]): Promise<FillingReply | undefined> {
    const fillings = wanted.map(({ level: { key, limit }, points }) => ({
      key,
      ms: points * limit.msPerPoint,
      limitMs: limitMs(limit),
    }));
    return new Promise((answer) => {
      this.questions.push({ group: { asks: true, fillings }, answer });
      if (this.questions.length === 1) setImmediate(() => void this.askTogether());
    });
  }

  private async askTogether(): Promise<void> {
    const questions = this.questions;
    this.questions = [];
    const replies = await this.fill(questions.map(({ group }) => group));
    questions.forEach(({ answer }, index) => answer(replies?.[index]));
  }

  private shareLater(ms: number): void {
    if (!this.isSharing) this.timer ??= setTimeout(() => void this.share(), ms).unref();
  }

  private async share(): Promise<void> {
    this.timer = undefined;
    this.isSharing = true;
    const now = this.clock.now();
    const levels = [...this.unshared].slice(0, MAX_KEYS_PER_CALL);
    const amounts = levels.map(({ unsharedMs }) => unsharedMs);
    // What leaked out meanwhile, while Redis was away for a time, is nothing that the others have to know.
    const fillings = levels.map(({ key, emptyAt, unsharedMs }) => ({
      key,
      ms: Math.min(unsharedMs, Math.max(emptyAt - now, 0)),
      limitMs: Infinity,
    }));
    for (const level of levels) {
      this.unshared.delete(level);
      level.unsharedMs = 0;
    }
    const replies = await this.fill([{ asks: false, fillings }]);
    levels.forEach((level, index) => {
      if (replies) learn(level, replies[0]!.emptyAt[index]!);
      else this.keepUnshared(level, amounts[index]!);
    });
    this.isSharing = false;
    if (this.unshared.size > 0) this.shareLater(replies ? SHARE_AFTER_MS : TRY_AGAIN_AFTER_MS);
  }

  private keepUnshared(level: Level, ms: number): void {
    level.unsharedMs += ms;
    if (this.unshared.size < MAX_LEVELS) this.unshared.add(level);
  }

  /** Undefined while Redis is away, which is found out once a second and not by each request. */
  private async fill(groups: FillingGroup[]): Promise<FillingReply[] | undefined> {
    if (performance.now() < this.awayUntil) return undefined;
    try {
      return await this.cache.fill(this.clock.now(), groups);
    } catch (error) {
      this.awayUntil = performance.now() + TRY_AGAIN_AFTER_MS;
      this.log.debug({ err: error }, 'points counted by this process alone');
      return undefined;
    }
  }
}

/** Others have taken points, too; what is not shared yet comes on top. */
function learn(level: Level, sharedEmptyAt: EmptyAt): void {
  level.emptyAt = Math.max(level.emptyAt, sharedEmptyAt + level.unsharedMs);
}
