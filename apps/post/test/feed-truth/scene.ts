import { setTimeout as pause } from 'node:timers/promises';
import type { AppError, Input, Output, Rpc } from '@fowergram/contracts-core';
import { newId } from '@fowergram/database';
import type { World } from '../world.js';
import type { Dice } from './dice.js';
import type { Edges } from './edges.js';
import type { SecondProcess } from './second-process.js';
import type { Truth } from './truth.js';

/** A post as its author knows it. */
export interface KnownPost {
  id: string;
  authorId: string;
  at: number;
  repostOf: string | null;
}

/** Users who have to do with each other and with nobody else, and what they have made. */
export interface Scene {
  world: World;
  second: SecondProcess | undefined;
  truth: Truth;
  dice: Dice;
  island: number;
  users: string[];
  edges: Edges;
  posts: KnownPost[];
  /** Posts that are on their way to the feeds of followers. */
  onTheirWay: Set<string>;
  /** Events of what users did, each of which may come at any time. */
  events: Happening[];
}

/** Publishes the event of something that the service knows already. */
export type Happening = (world: World) => Promise<unknown>;

/** What a step has had acknowledged: statements about the truth. */
export type Facts = [sql: string, values: unknown[]][];

/** Does something; no facts where the service has refused it, or where nothing comes of it for feeds. */
export type Step = (scene: Scene) => Promise<Facts>;

/** Two different users. */
export function pair({ dice, users }: Scene): [string, string] {
  const one = dice.pick(users);
  return [one, dice.pick(users.filter((id) => id !== one))];
}

/** The answer of the service; undefined where it refuses. As apps do it, what was not answered is said again with the same key. */
export async function ask<C extends Rpc>(
  { world }: Scene,
  contract: C,
  input: Input<C>,
): Promise<Output<C> | undefined> {
  const idempotencyKey = newId();
  return patiently(() => world.call(contract, input, { idempotencyKey })).catch((error: AppError) => {
    if (EXPECTED.includes(error.code)) return undefined;
    throw error;
  });
}

const EXPECTED: string[] = ['NOT_FOUND', 'CONFLICT', 'FORBIDDEN'];

/** Asks again while whoever was asked has died, or is still at it. */
export async function patiently<T>(call: () => Promise<T>, giveUpAt = Date.now() + TIMEOUT_MS): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { code, details } = error as AppError;
    const mayPass = code === 'UNAVAILABLE' || details?.reason === 'IDEMPOTENCY_KEY_IN_FLIGHT';
    if (!mayPass || Date.now() > giveUpAt) throw error;
    await pause(20);
    return patiently(call, giveUpAt);
  }
}

/** A slow machine that does other things, too, starts a process or Redis anew within this. */
const TIMEOUT_MS = 60_000;
