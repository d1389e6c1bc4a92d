import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import { postRpc, type PostStatus } from '@fowergram/contracts-post';
import type { Reading } from '../api/context/readings.js';
import type { RequestContext } from '../api/context/request-context.js';
import { isCovered, postIn, saysSame, statusOf } from '../posts/post-statuses.js';
import { isNoneMatch } from './etags.rules.js';

/** Of all clients together, about 10,000 answers. */
const MAX_BYTES = 32 * 1024 * 1024;
/** What goes with each of them, and about what a user or a picture takes. */
const BYTES_OF_ANSWER = 500;
const BYTES_OF_MODEL = 1_500;

/** Nothing that was erased is held for longer. */
const TTL_MS = 10 * 60_000;

/** What an answer was made of, and its ETag. */
interface MadeOf {
  etag: string;
  readings: Reading[];
  users: ReadonlyMap<string, unknown>;
  media: ReadonlyMap<string, unknown>;
  /** That of the one post among the readings, once it is known; it stands for most of them. */
  status?: PostStatus;
}

/**
 * Knows of answers what they were made of. Whoever has one and asks again is asked for nothing but that: the services answer the same questions
 * about the same viewer as before, and where all of them say the same, the body would be the same, and is not made.
 */
export class UnchangedAnswersCache {
  private readonly held = new LRUCache<string, MadeOf>({ maxSize: MAX_BYTES, sizeCalculation: sizeOf, ttl: TTL_MS });

  /** The ETag of this answer where the client has it and it is right; what was asked for meanwhile is known to the context then. */
  async unchanged(key: string, condition: string, context: RequestContext): Promise<string | undefined> {
    const held = this.held.get(key);
    if (!held || !isNoneMatch(condition, held.etag)) return undefined;
    const isSame = await isAsBefore(held, context).catch(() => false);
    return isSame ? held.etag : undefined;
  }

  /** Remembers what an answer was made of; nothing of one for which a service has not answered. */
  store(key: string, etag: string, { readings, loaders: { users, media } }: RequestContext): void {
    const all = readings!.all.filter(({ contract }) => contract !== postRpc.statuses);
    if (all.every(({ hash }) => hash !== undefined))
      this.held.set(key, { etag, readings: all, users: users.found, media: media.found });
  }
}

async function isAsBefore(held: MadeOf, context: RequestContext): Promise<boolean> {
  if (held.status) {
    const { status } = held;
    const rest = held.readings.filter((reading) => !isCovered(status.id, reading));
    const [now, isSame] = await Promise.all([statusOf(status.id, context), areAnsweredAlike(held, rest, context)]);
    if (isSame && isDeepStrictEqual(status, now)) return true;
  }
  const id = postIn(held.readings);
  // The status is read first: what the post says later is of this revision, or of one whose status never comes again.
  const status = id === undefined ? undefined : await statusOf(id, context).catch(() => undefined);
  if (!(await areAnsweredAlike(held, held.readings, context))) return false;
  if (status && (await saysSame(status, held.readings, context))) held.status = status;
  return true;
}

/** Asks these questions again, for users and pictures as well; true where all is as it was. */
async function areAnsweredAlike(held: MadeOf, readings: Reading[], context: RequestContext): Promise<boolean> {
  const { users, media } = context.loaders;
  await Promise.all([
    ...readings.map(({ contract, input }) => context.ask(contract, input)),
    users.many([...held.users.keys()]),
    media.many([...held.media.keys()]),
  ]);
  return (
    readings.every((reading) => context.readings!.isSame(reading)) &&
    areSame(held.users, users.found) &&
    areSame(held.media, media.found)
  );
}

const areSame = (before: ReadonlyMap<string, unknown>, now: ReadonlyMap<string, unknown>): boolean =>
  [...before].every(([id, value]) => value === now.get(id) || isDeepStrictEqual(value, now.get(id)));

function sizeOf({ readings, users, media }: MadeOf): number {
  const inputs = readings.reduce((sum, { input }) => sum + JSON.stringify(input).length, 0);
  return BYTES_OF_ANSWER + 2 * inputs + BYTES_OF_MODEL * (users.size + media.size);
}
