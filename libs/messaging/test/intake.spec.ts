import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { type AppError, type Parsed, query } from '@fowergram/contracts-core';
import { eventually } from '@fowergram/testing';
import { Bus, Handle, INTAKE } from '../src/index.js';
import { Intake } from '../src/requests/intake.js';
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
  const ask = (text: string) => probe.messaging.call(say, { text });
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

  it('drops a request that arrives after its deadline', async () => {
    gate.open();
    const headers = (await import('@nats-io/nats-core')).headers();
    headers.set('x-budget-ms', '0');
    probe.nats.publish('rpc.probe.say', JSON.stringify({ text: 'expired' }), { headers });
    await ask('fresh');
    expect(gate.begun).toEqual(['fresh']);
  });
});

describe('a request that waits for its turn', () => {
  it('is never begun when nobody waits for it any more, and holds up none that comes after it', async () => {
    const log: string[] = [];
    const intake = new Intake<{ name: string; deadlineAt: number }>(
      { start: ({ name }) => log.push(`begun: ${name}`), expire: ({ name }) => log.push(`expired: ${name}`) },
      { inFlight: 1, waiting: 3 },
    );
    const soon = Date.now() + 2;
    const names = ['first', 'late', 'later', 'patient', 'one more'];
    const taken = names.map((name) => intake.take({ name, deadlineAt: name.startsWith('late') ? soon : Infinity }));
    expect(taken).toEqual([true, true, true, true, false]);
    await eventually(() => Date.now() > soon);
    intake.end();
    expect(log).toEqual(['begun: first', 'expired: late', 'expired: later', 'begun: patient']);
    intake.end();
    await intake.idle();
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
