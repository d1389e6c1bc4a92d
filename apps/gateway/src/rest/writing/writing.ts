import type { FieldNode } from 'graphql';
import type { RequestContext } from '../../api/context/request-context.js';

/** Answers a field of an object as the engine would have it answered. */
export type Resolve = (source: unknown, context: RequestContext, variables: Variables) => unknown;

export type Variables = Record<string, unknown>;

/** Stands for what is promised until it is there. */
export const PENDING = Symbol('pending');

/**
 * The writing of one answer, in passes: what a resolver promises is waited for, and the next pass finds it here. On a page whose parts
 * are at hand there is one pass and no promise.
 */
export class Writing {
  private readonly kept = new Map<FieldNode, Map<unknown, unknown>>();
  private waiting: Promise<void>[] = [];
  private readonly watched: RequestContext;
  /** How often resolvers have asked who asks, or what others have looked up. */
  contextReads = 0;

  constructor(
    context: RequestContext,
    private readonly variables: Variables,
  ) {
    this.watched = new Proxy(context, {
      get: (target, name) => {
        this.contextReads++;
        return Reflect.get(target, name) as unknown;
      },
    });
  }

  /** Ends a pass: what was promised in it, and is awaited before the next one; undefined where nothing was. */
  endPass(): Promise<unknown> | undefined {
    if (this.waiting.length === 0) return undefined;
    const { waiting } = this;
    this.waiting = [];
    return Promise.all(waiting);
  }

  /** What a field of the document answers for an object; PENDING for what is promised. */
  value(field: FieldNode, source: unknown, resolve: Resolve): unknown {
    const known = this.kept.get(field);
    if (known?.has(source)) {
      this.contextReads++;
      return known.get(source);
    }
    const value = resolve(source, this.watched, this.variables);
    if (!(value instanceof Promise)) return value;
    this.contextReads++;
    const waiting = value.then((result: unknown) => void this.ofField(field).set(source, result));
    // Where a pass ends early, nobody waits for what it was promised.
    waiting.catch(() => undefined);
    this.waiting.push(waiting);
    return PENDING;
  }

  private ofField(field: FieldNode): Map<unknown, unknown> {
    const known = this.kept.get(field) ?? new Map<unknown, unknown>();
    this.kept.set(field, known);
    return known;
  }
}
