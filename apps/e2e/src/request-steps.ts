import { jest } from '@jest/globals';
import pg from 'pg';
import { Bus } from '@fowergram/messaging';
import { currentEnvelope } from '@fowergram/service-kit';

export interface RequestSteps {
  /** What was asked in the name of the request with this correlation id, in order: requests to services, and statements. */
  of: (correlationId: string) => string[];
  stop: () => void;
}

/** Notes what a network in this process does for each request from now on. */
export function noteSteps(): RequestSteps {
  const steps = new Map<string, string[]>();
  const note = (step: string, correlationId = currentEnvelope()?.correlationId) => {
    if (!correlationId) return;
    const known = steps.get(correlationId);
    if (known) known.push(step);
    else steps.set(correlationId, [step]);
  };
  const call = Bus.prototype.call;
  const calls = jest.spyOn(Bus.prototype, 'call').mockImplementation(function (this: Bus, contract, input, options) {
    note(contract.subject, options?.correlationId);
    return call.call(this, contract, input, options) as never;
  });
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  const queries = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [statement] = args as [string | { text?: string }];
    note(typeof statement === 'string' ? statement : (statement.text ?? ''));
    return query.apply(this, args);
  } as never);
  return {
    of: (correlationId) => steps.get(correlationId) ?? [],
    stop: () => [calls, queries].forEach((spy) => spy.mockRestore()),
  };
}
