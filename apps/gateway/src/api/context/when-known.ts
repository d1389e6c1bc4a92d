/**
 * Makes something of what a look-up brings, at once when it is known already: a promise for each field of a long list costs the engine
 * five times what the rest of the field does.
 */
export const whenKnown = <T, R>(found: T | Promise<T>, use: (value: T) => R): R | Promise<R> =>
  found instanceof Promise ? found.then(use) : use(found);
