import { setTimeout as delay } from 'node:timers/promises';
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { AppError } from '@fowergram/contracts-core';
import { executeBounded } from '../api/answers/execute-bounded.js';
import type { RequestContext } from '../api/context/request-context.js';
import { pushTraceOf } from '../realtime/push-traces.js';
import type { EventViews } from './event-views.js';
import { traceStep } from './operation-trace.js';

/** An event that cannot be shown now because a service is away is shown a little later; to skip it would be a gap. */
const TRY_AGAIN_AFTER_MS = [250, 500, 1_000, 2_000, 4_000];

/** What whoever opens a subscription learns of it. */
export interface StreamListeners {
  /** Called when the subscription has begun; what it returns is called when that ends. */
  onOpen: () => () => void;
  /** Called for each event that is shown. */
  onShown: (result: ExecutionResult) => void;
  /** Called for the event that could not be shown, with which the subscription ends. */
  onFailed: (error: unknown) => void;
}

/** graphql-js subscribes with one context for all events; here each event has its own, so that it is shown as things are then. */
export async function subscribeWithFreshContexts(
  args: ExecutionArgs,
  views: EventViews,
  { onOpen, onShown, onFailed }: StreamListeners,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const context = args.contextValue as RequestContext;
  const view = views.viewOf(args);
  return mapStream(
    source as AsyncIterableIterator<object>,
    async (event) => {
      try {
        const result = await views.join(event, view, () =>
          traceStep('event', args, () => show(event, args, context), pushTraceOf(event)),
        );
        onShown(result);
        return result;
      } catch (error) {
        onFailed(error);
        throw error;
      }
    },
    onOpen(),
  );
}

async function show(event: object, args: ExecutionArgs, context: RequestContext): Promise<ExecutionResult> {
  for (let tries = 0; ; tries++) {
    const result = await executeBounded({ ...args, rootValue: event, contextValue: context.renew() });
    const missing = result.errors?.find(
      (error) => error.originalError instanceof AppError && error.originalError.code === 'UNAVAILABLE',
    );
    if (!missing) return result;
    const pause = TRY_AGAIN_AFTER_MS[tries];
    if (pause !== undefined) await delay(pause);
    // The subscription ends with this error, and the client comes back with the cursor that it has.
    else if (!result.data || Object.values(result.data).includes(null)) throw missing.originalError!;
    else return result;
  }
}

/** Not a generator: its return() would wait for the next event, and a closed subscription would live until then. */
function mapStream<T, R>(
  source: AsyncIterableIterator<T>,
  map: (item: T) => Promise<R>,
  onEnd: () => void,
): AsyncIterableIterator<R> {
  let ended = false;
  const end = () => {
    if (!ended) onEnd();
    ended = true;
  };
  return {
    async next() {
      try {
        const { value, done } = await source.next();
        if (!done) return { value: await map(value as T), done: false };
      } catch (error) {
        await this.return!();
        throw error;
      }
      end();
      return { value: undefined, done: true };
    },
    async return() {
      end();
      await source.return?.();
      return { value: undefined, done: true };
    },
    async throw(error) {
      await this.return!();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
