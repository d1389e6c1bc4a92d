import { setTimeout } from 'node:timers/promises';
import { CLOSE, type Connection } from './connection.js';

/** Until the last of very many; a few go at once. */
const WITHIN_MS = 2_500;
const TURN_MS = 20;

/** Tells the client that this process ends: it comes back to another one, and goes on from its last cursor. */
export function sendAway(connection: Connection): void {
  connection.close(CLOSE.goingAway, 'Going away: reconnect with the last cursor');
}

/** Does it to a part of them at a time: whoever is sent away comes back, and all of them at once would be a storm for the others. */
export async function inTurns<T>(items: readonly T[], act: (item: T) => void): Promise<void> {
  const perTurn = Math.ceil((items.length * TURN_MS) / WITHIN_MS);
  for (let at = 0; at < items.length; at += perTurn) {
    items.slice(at, at + perTurn).forEach(act);
    await setTimeout(TURN_MS);
  }
}
