import { hash } from 'node:crypto';
import type { Input, Output, Rpc } from '@fowergram/contracts-core';

/** A question to a service, and a hash of what it has answered. */
export interface Reading {
  contract: Rpc;
  input: Input<Rpc>;
  /** Undefined while there is no answer, and where nobody compares them. */
  hash: string | undefined;
}

/** What an operation that changes nothing has asked services: a question that comes again has its answer. */
export class Readings {
  private readonly readings = new Map<string, Reading & { answer: Promise<unknown> }>();

  constructor(private readonly isHashed: boolean) {}

  /** All of them, in the order in which they were asked first. */
  get all(): Reading[] {
    return [...this.readings.values()];
  }

  /** The answer to a question, which `ask` asks when it comes for the first time; it hands on the bytes of the reply. */
  once<C extends Rpc>(
    contract: C,
    input: Input<C>,
    ask: (onReply: (reply: Uint8Array) => void) => Promise<Output<C>>,
  ): Promise<Output<C>> {
    const key = keyOf({ contract, input });
    const known = this.readings.get(key);
    if (known) return known.answer as Promise<Output<C>>;
    const reading: Reading = { contract, input, hash: undefined };
    const answer = ask((reply) => {
      if (this.isHashed) reading.hash = hash('sha256', reply, 'base64url');
    });
    this.readings.set(key, Object.assign(reading, { answer }));
    return answer;
  }

  /** True where a question was answered as it was once before. */
  isSame(before: Reading): boolean {
    return before.hash !== undefined && this.readings.get(keyOf(before))?.hash === before.hash;
  }
}

const keyOf = ({ contract, input }: Pick<Reading, 'contract' | 'input'>): string =>
  `${contract.subject} ${JSON.stringify(input)}`;
