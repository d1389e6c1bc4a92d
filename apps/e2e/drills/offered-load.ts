import { setTimeout as pause } from 'node:timers/promises';
import type { AppClient } from '../src/app-client.js';
import { randomFrom } from '../src/random.js';

export interface Outcome {
  ms: number;
  isRefused: boolean;
  /** Accepted, and not answered whole: a part did not come in time. */
  isBroken: boolean;
}

/** Asks for one thing once. */
export type Ask = () => Promise<Outcome>;

export const asking =
  (client: AppClient, query: string): Ask =>
  async () => {
    const startedAt = performance.now();
    const { errors } = await client.answer(query);
    const ms = performance.now() - startedAt;
    const unforeseen = errors?.find(({ extensions }) => extensions.code !== 'UNAVAILABLE');
    if (unforeseen) throw new Error(`${unforeseen.extensions.code}: ${unforeseen.message}`);
    const isRefused = errors?.some(({ extensions }) => extensions.reason === 'OVERLOADED') === true;
    return { ms, isRefused, isBroken: errors !== undefined && !isRefused };
  };

/** Each of them over and over, every one waiting for its answer. */
export async function closedLoop(asks: readonly Ask[], seconds: number): Promise<Outcome[]> {
  const until = performance.now() + seconds * 1_000;
  const outcomes: Outcome[] = [];
  const loop = async (ask: Ask) => {
    while (performance.now() < until) outcomes.push(await ask());
  };
  await Promise.all(asks.map(loop));
  return outcomes;
}

/** So many a second, whether answers come or not, in turn by each; they come at random, as those of many users do. */
export async function openLoop(asks: readonly Ask[], perSecond: number, seconds: number, seed = 1): Promise<Outcome[]> {
  const random = randomFrom(seed);
  const asked: Promise<Outcome>[] = [];
  const startedAt = performance.now();
  for (let at = 0; ;) {
    at -= (Math.log(1 - random()) / perSecond) * 1_000;
    if (at > seconds * 1_000) return Promise.all(asked);
    await pause(Math.max(0, startedAt + at - performance.now()));
    asked.push(asks[asked.length % asks.length]!());
  }
}

export const accepted = (outcomes: readonly Outcome[]): Outcome[] => outcomes.filter(({ isRefused }) => !isRefused);
export const refused = (outcomes: readonly Outcome[]): Outcome[] => outcomes.filter(({ isRefused }) => isRefused);

/** In milliseconds; 0 of nothing. */
export function quantile(outcomes: readonly Outcome[], share: number): number {
  const sorted = outcomes.map(({ ms }) => ms).sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
}
export const p99 = (outcomes: readonly Outcome[]): number => quantile(outcomes, 0.99);
