import type { Loaders } from './loaders.js';
import type { CreateLoaders, RequestContext } from './request-context.js';

/** What makes each of these loaders for an operation. */
export type LoaderFactories<K extends keyof Loaders = keyof Loaders> = {
  [Name in K]: (context: RequestContext) => Loaders[Name];
};

/** Makes each loader when it is asked for: an operation uses few of them, and a change makes all of them anew. */
export function lazily(factories: LoaderFactories): CreateLoaders {
  class LazyLoaders {
    readonly made: Record<string, unknown> = {};
    constructor(readonly context: RequestContext) {}
  }
  for (const [name, make] of Object.entries<(context: RequestContext) => unknown>(factories)) {
    Object.defineProperty(LazyLoaders.prototype, name, {
      get(this: LazyLoaders) {
        return (this.made[name] ??= make(this.context));
      },
    });
  }
  return (context) => new LazyLoaders(context) as unknown as Loaders;
}
