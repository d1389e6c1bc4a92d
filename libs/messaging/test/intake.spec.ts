import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { type AppError, type Parsed, query } from '@fowergram/contracts-core';
import { eventually } from '@fowergram/testing';
import { Bus, Handle, INTAKE } from '../src/index.js';
import { type Probe, say, startProbe } from './probe.js';

const silent = query('other.silent', { input: z.object({}), output: z.object({}) });
const nested = query('probe.nested', { input: z.object({}), output: z.object({}) });

/** Begins requests and answers none until the test says so. */
class Gate {
  begun: string[] = [];
  open: () => void = () => undefined;
  private opened = Promise.resolve();

  close(): void {
    this.begun = [];
    this.opened = new Promise((resolve) => (this.open = resolve));
  }

  async pass(text: string): Promise<void> {
    this.begun.push(text);
    await this.opened;
  }
}

const gate = new Gate();

@Controller()
class Handlers {
  constructor(private readonly bus: Bus) {}

  @Handle(say)
  async say({ text }: Parsed<typeof say>): Promise<{ said: string }> {
    await gate.pass(text);
    return { said: text };
  }

  @Handle(nested)
  async nested(): Promise<Record<string, never>> {
    await this.bus.call(silent, {});
    return {};
  }
}

describe('a service that gets more requests than it can answer', () => {
  let probe: Probe;
  const ask = (text: string, deadlineAt?: number) =>
    probe.messaging.bus.call(say, { text }, deadlineAt === undefined ? {} : { deadlineAt });
  const askMany = (count: number) => Array.from({ length: count }, (_, i) => ask(String(i)));

  beforeAll(async () => {
    probe = await startProbe({ controllers: [Handlers] });
  });
  beforeEach(() => gate.close());
  afterEach(() => gate.open());
  afterAll(() => probe?.close());

  it('begins a bounded number, lets a bounded number wait, refuses the others at once and answers all that it took', async () => {
    const taken = askMany(INTAKE.inFlight + INTAKE.waiting);
    await eventually(() => gate.begun.length === INTAKE.inFlight);
    for (let i = 0; i < 10; i++)
      await expect(ask('one more')).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        details: { reason: 'OVERLOADED', retryAfterSeconds: 1 },
      });
    expect(gate.begun).toHaveLength(INTAKE.inFlight);
    gate.open();
    await expect(Promise.all(taken)).resolves.toHaveLength(INTAKE.inFlight + INTAKE.waiting);
    expect(gate.begun).not.toContain('one more');
  });

  it('never begins what nobody waits for any more', async () => {
    const first = askMany(INTAKE.inFlight);
    await eventually(() => gate.begun.length === INTAKE.inFlight);
    const late = await Promise.allSettled(Array.from({ length: 20 }, () => ask('late', Date.now() + 50)));
    expect(late.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'rejected'));
    const after = ask('after');
    gate.open();
    await Promise.all([...first, after]);
    expect(gate.begun.slice(INTAKE.inFlight)).toEqual(['after']);
  });

  it('drops a request that arrives after its deadline', async () => {
    gate.open();
    const headers = (await import('@nats-io/nats-core')).headers();
    headers.set('x-budget-ms', '0');
    probe.nats.publish('rpc.probe.say', JSON.stringify({ text: 'expired' }), { headers });
    await ask('fresh');
    expect(gate.begun).toEqual(['fresh']);
  });
});

describe('a service that waits for another one', () => {
  let probe: Probe;

  beforeAll(async () => {
    probe = await startProbe({ controllers: [Handlers] });
    // Takes requests and never answers, as a process that is stopped.
    probe.nats.subscribe('rpc.other.silent', { callback: () => undefined });
  });
  afterAll(() => probe?.close());

  it('keeps time for its own answer, which says who is silent', async () => {
    const error = await probe.messaging.call(nested, {}).catch((thrown: unknown) => thrown as AppError);
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The other service does not answer. Please try again.',
    });
  });
});
