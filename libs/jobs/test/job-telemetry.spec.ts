import { randomBytes } from 'node:crypto';
import { context, propagation, SpanKind, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { currentEnvelope, type Envelope, withEnvelope } from '@fowergram/service-kit';
import { eventually, startRedis, type TestRedis } from '@fowergram/testing';
import { jobTelemetry } from '../src/job-telemetry.js';

interface Seen {
  name: string;
  envelope: Envelope | undefined;
  traceId: string | undefined;
}

describe('the telemetry of jobs', () => {
  const exporter = new InMemorySpanExporter();
  const seen: Seen[] = [];
  let redis: TestRedis;
  let connection: Redis;
  let queue: Queue;
  let worker: Worker;
  let failures = 1;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    redis = await startRedis();
    connection = new Redis(redis.url, { maxRetriesPerRequest: null });
    queue = new Queue('greetings', { connection, telemetry: jobTelemetry });
    worker = new Worker(
      'greetings',
      async ({ name }) => {
        seen.push({ name, envelope: currentEnvelope(), traceId: trace.getActiveSpan()?.spanContext().traceId });
        if (name === 'fails once' && failures-- > 0) throw new Error('not now');
      },
      { connection, telemetry: jobTelemetry },
    );
  });

  afterAll(async () => {
    await worker?.close();
    await queue?.close();
    connection?.disconnect();
    await redis?.stop();
    trace.disable();
    propagation.disable();
    context.disable();
  });

  /** Does something as part of a request; returns the trace of that request. */
  const inRequest = async (correlationId: string, work: () => Promise<unknown>): Promise<string> => {
    const traceId = randomBytes(16).toString('hex');
    const spanContext = { traceId, spanId: randomBytes(8).toString('hex'), traceFlags: TraceFlags.SAMPLED };
    const envelope = { correlationId, deadlineAt: Date.now() + 1_000 };
    await context.with(trace.setSpanContext(context.active(), spanContext), () => withEnvelope(envelope, work));
    return traceId;
  };

  const runsOf = (name: string, count: number): Promise<Seen[]> =>
    eventually(() => {
      const runs = seen.filter((run) => run.name === name);
      if (runs.length < count) throw new Error(`${runs.length} of ${count} runs`);
      return runs;
    });

  it('gives a job the trace and the correlation id of the request that added it, and no deadline', async () => {
    const traceId = await inRequest('my-id-1', () => queue.add('one', {}));
    expect(await runsOf('one', 1)).toEqual([
      { name: 'one', traceId, envelope: { correlationId: 'my-id-1', deadlineAt: Infinity } },
    ]);
  });

  it('does so for jobs that are added together', async () => {
    const jobs = ['many', 'many'].map((name) => ({ name, data: {} }));
    const traceId = await inRequest('my-id-2', () => queue.addBulk(jobs));
    for (const run of await runsOf('many', 2)) {
      expect(run.traceId).toBe(traceId);
      expect(run.envelope?.correlationId).toBe('my-id-2');
    }
  });

  it('does so again when a job is retried', async () => {
    const traceId = await inRequest('my-id-3', () => queue.add('fails once', {}, { attempts: 2 }));
    for (const run of await runsOf('fails once', 2)) {
      expect(run.traceId).toBe(traceId);
      expect(run.envelope?.correlationId).toBe('my-id-3');
    }
  });

  it('gives a job that no request added a correlation id of its own', async () => {
    await queue.add('alone', {});
    expect((await runsOf('alone', 1))[0]?.envelope?.correlationId).toBeTruthy();
  });

  it('makes spans of jobs only, not of what a worker does for itself', () => {
    expect(exporter.getFinishedSpans().length).toBeGreaterThan(0);
    expect(exporter.getFinishedSpans().map(({ kind }) => kind)).not.toContain(SpanKind.INTERNAL);
  });
});
