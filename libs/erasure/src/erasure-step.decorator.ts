import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';
import type { Tx } from '@fowergram/database';

/** The metadata key under which a provider says that it is a step of an erasure. */
export const ERASURE_STEP = Symbol('ERASURE_STEP');

export interface StepOptions {
  /** Lower comes first; only a step whose place matters has one, every other step is 0. */
  order?: number;
  /** The noun without whose rows those of this feature make no sense, such as `post` for likes: the step has `eraseOf`. */
  hangsOn?: string;
}

/** How many rows a batch may have that has `full` as a rule: fewer after one that took longer than a statement may. */
export type SizeOf = (full: number) => number;

/** What one feature deletes of a user; every method may be called again at any moment. */
export interface ErasesUser {
  /** Deletes a batch of the size that `sizeOf` makes of its own; false when it found nothing to delete. */
  eraseBatch?(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean>;
  /** Deletes such a batch of what hangs on these rows, which are about to go, whoever it is of; true when there may be more. */
  eraseOf?(tx: Tx, ids: string[], sizeOf: SizeOf): Promise<boolean>;
  /** Whether something has to happen before the erasure is over, such as another transaction letting go of a row. */
  isPending?(tx: Tx, userId: string): Promise<boolean>;
  /** Deletes what must stay until nothing else is left, in the transaction that ends the erasure. */
  close?(tx: Tx, userId: string): Promise<void>;
}

/** Makes a class an injectable step of every erasure; its module lists it as a provider, and nothing else names it. */
export function ErasureStep(options: StepOptions = {}) {
  return <C extends new (...args: never[]) => ErasesUser>(target: C): void =>
    applyDecorators(Injectable(), SetMetadata(ERASURE_STEP, options))(target);
}
