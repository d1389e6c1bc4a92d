import { setTimeout as pause } from 'node:timers/promises';
import { post as postById } from '@fowergram/client/operations';
import { type Known, type KnownPost, likesOf } from './known.js';
import type { Listener } from './listener.js';
import type { Actor } from './actors.js';

/** Counters are folded and notifications sent behind the answers: this is how long all of it may take when the load is over. */
const TIMEOUT_MS = 30_000;
const POLL_MS = 500;

export interface FinalScene {
  actors: readonly Actor[];
  known: Known;
  listeners: readonly Listener[];
  isWrong: (what: string) => void;
}

/** Compares what is stored with what was acknowledged: posts, their counts, and what sockets brought. */
export async function checkEverything({ actors, known, listeners, isWrong }: FinalScene): Promise<void> {
  const until = performance.now() + TIMEOUT_MS;
  for (const post of known.all) await inTheEnd(until, () => whatIsWrong(actors[post.author]!, post), isWrong);
  for (const listener of listeners) {
    if (listener.failure) isWrong(`socket of ${listener.actor.username}: ${String(listener.failure)}`);
    else await inTheEnd(until, () => whatIsMissing(listener), isWrong);
    if (listener.repeated > 0) isWrong(`socket of ${listener.actor.username}: ${listener.repeated} events came twice`);
  }
}

async function whatIsWrong({ client }: Actor, known: KnownPost): Promise<string | undefined> {
  const { post } = await client.request(postById, { id: known.id });
  if (!post) return `${known.id} was acknowledged and is not there`;
  const likes = likesOf(known);
  if (post.likeCount < likes.least || post.likeCount > likes.most)
    return `${known.id} has ${post.likeCount} likes instead of ${likes.least} to ${likes.most}`;
  const most = known.comments + known.commentsUnknown;
  if (post.commentCount < known.comments || post.commentCount > most)
    return `${known.id} has ${post.commentCount} comments instead of ${known.comments} to ${most}`;
  return undefined;
}

async function whatIsMissing(listener: Listener): Promise<string | undefined> {
  const missing = await listener.missing();
  return missing === 0 ? undefined : `socket of ${listener.actor.username}: ${missing} notifications did not come`;
}

/** Reports what is still wrong when everything had its time. */
async function inTheEnd(
  until: number,
  look: () => Promise<string | undefined>,
  isWrong: (what: string) => void,
): Promise<void> {
  for (;;) {
    const wrong = await look();
    if (wrong === undefined) return;
    if (performance.now() > until) return isWrong(wrong);
    await pause(POLL_MS);
  }
}
