import { Controller, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { z } from 'zod';
import { command, event, Id, type Parsed } from '@fowergram/contracts-core';
import { Database, DatabaseModule, databaseVariables, newId } from '@fowergram/database';
import { Handle, MessagingModule, On } from '@fowergram/messaging';
import { commonVariables, defineConfig, ServiceKitModule, startService } from '@fowergram/service-kit';
import {
  createDatabase,
  eventually,
  startNats,
  type TestDatabase,
  TestMessaging,
  type TestNats,
} from '@fowergram/testing';
import { Outbox, OutboxModule } from '../src/index.js';

const Thing = z.object({ thingId: Id });
const make = command('probe.make', { input: Thing, output: Thing });
const made = event('probe.made', Thing);

@Controller()
class Probe {
  constructor(
    private readonly db: Database,
    private readonly outbox: Outbox,
  ) {}

  @Handle(make)
  async make(thing: Parsed<typeof make>) {
    await this.db.transaction((tx) => this.outbox.add(tx, made, thing));
    this.outbox.trigger();
    return thing;
  }

  @On(made)
  async onMade(): Promise<void> {}
}

const config = defineConfig({ ...commonVariables, ...databaseVariables, NATS_URL: z.string() });

@Module({})
class ProbeModule {
  static with(given: ReturnType<typeof config.read>) {
    return {
      module: ProbeModule,
      controllers: [Probe],
      imports: [
        ServiceKitModule.with('probe', given),
        DatabaseModule.with(given),
        MessagingModule.with({ service: 'probe', natsUrl: given.NATS_URL }),
        OutboxModule,
      ],
    };
  }
}

describe('the trace of a request', () => {
  const exporter = new InMemorySpanExporter();
  let nats: TestNats;
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let messaging: TestMessaging;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    [nats, database] = await Promise.all([
      startNats({ consumers: [{ service: 'probe', subject: made.subject }] }),
      createDatabase('notification'),
    ]);
    const given = config.read({
      ENVIRONMENT: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      NATS_URL: nats.url,
      OPERATOR_PORT: '0',
    });
    app = await startService(
      { name: 'probe', readConfig: config.read, module: ProbeModule.with, host: '127.0.0.1' },
      given,
    );
    messaging = await TestMessaging.open(nats.url);
  });

  afterAll(async () => {
    await messaging?.close();
    await app?.close();
    await database?.drop();
    await nats?.stop();
    trace.disable();
    propagation.disable();
    context.disable();
  });

  it('goes on through the outbox into the consumer of its event', async () => {
    const root = trace.getTracer('test').startSpan('root', { kind: SpanKind.SERVER });
    await context.with(trace.setSpan(context.active(), root), () => messaging.call(make, { thingId: newId() }));
    root.end();
    const spans = await eventually(() => {
      const mine = exporter
        .getFinishedSpans()
        .filter((span) => span.spanContext().traceId === root.spanContext().traceId)
        .map(({ name }) => name);
      return mine.includes('consume probe.made') && mine;
    });
    expect(spans).toEqual(
      expect.arrayContaining(['root', 'call probe.make', 'handle probe.make', 'consume probe.made']),
    );
  });
});
