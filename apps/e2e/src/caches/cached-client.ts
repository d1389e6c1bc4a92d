import { Kind, parse, print } from 'graphql';
import { snippets } from '../snippets.js';

/** Texts of operations by their names. */
export type Operations = Record<string, string>;
export type Variables = Record<string, unknown>;

/** A client with a normalised cache, set up as docs/caches.md says. */
export interface CachedClient {
  /** Asks the network, and keeps the answer in the cache. */
  load(query: string, variables: Variables): Promise<void>;
  /** What the cache shows by itself; undefined where the client would ask the network. */
  shown(query: string, variables: Variables): Promise<object | undefined>;
  change(mutation: string, variables: Variables): Promise<void>;
}

/** Makes a client that speaks to this gateway with the session of somebody. */
export type CreateClient = (url: string, fetchAsUser: typeof fetch) => CachedClient;

/** The operations of the blocks of docs/caches.md that are marked with a name. */
export function operationsOfPage(name: string): Operations {
  return Object.fromEntries(
    parse(snippets('caches.md', name)).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [[definition.name!.value, print(definition)]] : [],
    ),
  );
}

/** Leaves out the names of types, which clients ask for besides. */
export function withoutTypenames<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) => (key === '__typename' ? undefined : part)) as T;
}
