import type { Operation } from '@fowergram/messaging';

/** What was typed behind the name of a command. */
export interface Arguments {
  /** In the order of the usage. */
  words: string[];
  reason?: string;
  until?: string;
  limit: number;
  all: boolean;
}

export interface Surroundings {
  operation: Operation;
  env: NodeJS.ProcessEnv;
  /** Who acts; the audit needs it. */
  by?: string;
}

/** An answer for programs, and for whoever reads, where that is another one. */
export interface Answer {
  data: unknown;
  text?: string;
}

/** What would be done, and how. Nothing is changed before `act`. */
export interface Plan {
  /** What the audit names, such as a user's id. */
  subject: string;
  /** A sentence that begins with a verb. */
  says: string;
  act(by: string): Promise<unknown>;
}

interface Described {
  /** The words of the command, then its arguments in <>. */
  usage: string;
  /** What it does, in one line. */
  about: string;
  /** The options that it takes, besides --json, and --yes and --by where it acts. */
  options?: ('reason' | 'until' | 'limit' | 'all')[];
}

export type Command = Described &
  (
    | { read: (surroundings: Surroundings, given: Arguments) => Promise<Answer> }
    | { plan: (surroundings: Surroundings, given: Arguments) => Promise<Plan> }
  );

/** What the operator has to type differently: its message is all that they need. */
export class UsageError extends Error {}

/** What an option or argument must be given for. */
export function required(value: string | undefined, what: string): string {
  if (!value) throw new UsageError(`${what} is missing.`);
  return value;
}
