import type { Dice } from '../src/random.js';
import type { Answer } from './answer.js';

/** What exists in the network under test, so that documents can ask for it. */
export interface Pool {
  /** Ids as clients see them. */
  users: string[];
  posts: string[];
  comments: string[];
  media: string[];
  notifications: string[];
  usernames: string[];
  cursors: string[];
}

/** One operation as a client sends it: whatever JSON can say, right or wrong. */
export interface Operation {
  query: unknown;
  variables?: unknown;
  operationName?: unknown;
  extensions?: unknown;
}

/** A request that is no operation of the protocol: any bytes under any headers. */
export interface RawRequest {
  method?: string;
  path?: string;
  headers: Record<string, string>;
  body?: string;
}

/** One thing to send, named by the kind of trouble that it makes. */
export interface FuzzCase {
  kind: string;
  /** Whether the request comes with a session. */
  isSignedIn: boolean;
  operation: Operation;
  /** Sent over HTTP in place of the operation alone. */
  raw?: RawRequest;
  /** What its answers show and may not, besides what no answer may. */
  problems?: (answer: Answer) => string[];
}

export interface Chances {
  dice: Dice;
  pool: Pool;
  /** Whether every value is one that the server takes. */
  isHonest?: boolean;
}
