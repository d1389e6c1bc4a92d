import { Controller, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { AppError, command, event, Id, push, query } from '@fowergram/contracts-core';
import { Database, DatabaseModule, databaseVariables, newId } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { type Envelope, type EventContext, Handle, MessagingModule, On } from '@fowergram/messaging';
import { markProcessed, Outbox, OutboxModule } from '../src/index.js';
import { Retention } from '../src/retention.service.js';
import { commonVariables, defineConfig, ServiceKitModule, startService } from '@fowergram/service-kit';
import {
  askOperators,
  createDatabase,
  eventually,
  outboxIsEmpty,
  recordedEvents,
  startNats,
  type TestDatabase,
  TestMessaging,
  type TestNats,
} from '@fowergram/testing';

const Thing = z.object({ thingId: Id, name: z.string().min(1) });
const made = event('probe.made', Thing);
const shown = push('probe-shown', Thing);
const make = command('probe.make', { input: Thing.extend({ fail: z.boolean().default(false) }), output: Thing });
const echo = query('probe.echo', { input: z.object({ code: z.string() }), output: z.object({}) });

const seen: string[] = [];
let failuresLeft = 0;

@Controller()
class Probe {
  constructor(
    private readonly db: Database,
    private readonly outbox: Outbox,
  ) {}

  @Handle(make)
  async make(input: z.output<typeof make.input>, { idempotencyKey }: Envelope) {
    const thing = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, make, input, async () => {
        const { fail, ...fact } = input;
        await this.outbox.add(tx, made, fact);
        await this.outbox.addPushes(tx, shown, [{ userId: fact.thingId, payload: fact }]);
        if (fail) throw new AppError('CONFLICT', 'refused');
        return fact;
      }),
    );
    this.outbox.trigger();
    return thing;
  }

  @Handle(echo)
  async echo({ code }: { code: string }): Promise<Record<string, never>> {
    if (code === 'NOTHING') return undefined as never;
    if (code === 'BUG') throw new Error('secret detail');
    throw new AppError('CONFLICT', 'as asked', { path: ['code'], reason: code });
  }

  @On(made)
  async onMade(payload: z.output<typeof Thing>, context: EventContext): Promise<void> {
    if (payload.name === 'poison') throw new Error('cannot digest');
    if (failuresLeft-- > 0) throw new AppError('UNAVAILABLE', 'not now');
    await this.db.transaction(async (tx) => {
      if (await markProcessed(tx, context)) seen.push(payload.thingId);
    });
  }
}

const config = defineConfig({ ...commonVariables, ...databaseVariables, NATS_URL: z.string() });
type Config = ReturnType<typeof config.read>;

@Module({})
class ProbeModule {
  static with(given: Config) {
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

describe('a service with an outbox', () => {
  let nats: TestNats;
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let messaging: TestMessaging;
  let db: Database;

  beforeAll(async () => {
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
    db = app.get(Database);
  });

  afterAll(async () => {
    await messaging?.close();
    await app?.close();
    await database?.drop();
    await nats?.stop();
  });

  it('delivers an event of a committed effect to its consumer', async () => {
    const thingId = newId();
    await messaging.call(make, { thingId, name: 'one' });
    await eventually(() => seen.includes(thingId));
  });

  it('sends nothing of an effect that was rolled back', async () => {
    const thingId = newId();
    await expect(messaging.call(make, { thingId, name: 'two', fail: true })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await recordedEvents(db, made)).not.toContainEqual(expect.objectContaining({ thingId }));
  });

  it('pushes after the commit to whoever listens for that user', async () => {
    const thingId = newId();
    const received: string[] = [];
    const stop = messaging.bus.onPush(thingId, shown, (payload) => received.push(payload.name));
    await messaging.nats.flush();
    await messaging.call(make, { thingId, name: 'three' });
    await eventually(() => received.length === 1);
    stop();
    expect(received).toEqual(['three']);
  });

  it('answers a repeated key with the first answer and has one effect', async () => {
    const thingId = newId();
    const options = { idempotencyKey: newId() };
    const first = await messaging.call(make, { thingId, name: 'four' }, options);
    const second = await messaging.call(make, { thingId, name: 'four' }, options);
    expect(second).toEqual(first);
    expect((await recordedEvents(db, made)).filter((fact) => fact.thingId === thingId)).toHaveLength(1);
  });

  it('refuses a key that was used for another request', async () => {
    const options = { idempotencyKey: newId() };
    await messaging.call(make, { thingId: newId(), name: 'five' }, options);
    await expect(messaging.call(make, { thingId: newId(), name: 'six' }, options)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('has one effect when the same key comes many times at once', async () => {
    const thingId = newId();
    const options = { idempotencyKey: newId() };
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, () => messaging.call(make, { thingId, name: 'seven' }, options)),
    );
    expect((await recordedEvents(db, made)).filter((fact) => fact.thingId === thingId)).toHaveLength(1);
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as AppError] : []));
    expect(refused.every((error) => error.code === 'CONFLICT')).toBe(true);
  });

  it('rebuilds the typed error of the owner at the caller', async () => {
    await expect(messaging.call(echo, { code: 'X' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'as asked',
      details: { path: ['code'], reason: 'X' },
    });
  });

  it('shows nothing of an unexpected error', async () => {
    const failure = await messaging.call(echo, { code: 'BUG' }).catch((error: AppError) => error);
    expect(failure).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it('answers INTERNAL for a handler that answers nothing', async () => {
    await expect(messaging.call(echo, { code: 'NOTHING' })).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('refuses input that breaks the contract, with the path of the field', async () => {
    await expect(messaging.call(make, { thingId: newId(), name: '' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['name'] },
    });
  });

  it('answers UNAVAILABLE when nobody serves the request', async () => {
    const nobody = query('nobody.home', { input: z.object({}), output: z.object({}) });
    await expect(messaging.call(nobody, {})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('delivers again what failed because something was out of reach', async () => {
    const thingId = newId();
    failuresLeft = 2;
    await messaging.call(make, { thingId, name: 'eight' });
    await eventually(() => seen.includes(thingId));
    expect(seen.filter((id) => id === thingId)).toHaveLength(1);
  });

  it('puts a poison event aside after five tries and goes on with what comes after it', async () => {
    const later = newId();
    await messaging.call(make, { thingId: newId(), name: 'poison' });
    await messaging.call(make, { thingId: later, name: 'nine' });
    await eventually(() => seen.includes(later));
    const dead: string[] = [];
    messaging.nats.subscribe('dead.probe-probe-made', {
      callback: (_error, message) => void dead.push(message.string()),
    });
    await eventually(() => dead.length === 1);
    expect(dead[0]).toContain('poison');
  });

  it('publishes every row that it recorded', async () => {
    await eventually(() => outboxIsEmpty(db));
  });

  it('purges what is old, however much it is, and nothing else', async () => {
    const fresh = { outbox: newId(), inbox: newId(), idempotency_key: newId() };
    await db.query(
      `insert into outbox (id, subject, payload, published_at) values ($1, 'evt.x', '{}', now() - interval '6 days')`,
      [fresh.outbox],
    );
    await db.query(`insert into inbox (consumer, event_id, received_at) values ('x', $1, now() - interval '29 days')`, [
      fresh.inbox,
    ]);
    await db.query(
      `insert into idempotency_key (key, request_hash, answer, created_at) values ($1, '', '{}', now() - interval '23 hours')`,
      [fresh.idempotency_key],
    );
    await db.query(
      `insert into outbox (id, subject, payload, published_at) select gen_random_uuid(), 'evt.x', '{}', now() - interval '8 days' from generate_series(1, 12000)`,
    );
    await db.query(
      `insert into inbox (consumer, event_id, received_at) select 'x', n, now() - interval '31 days' from generate_series(1, 12000) n`,
    );
    await db.query(
      `insert into idempotency_key (key, request_hash, answer, created_at) select n, '', '{}', now() - interval '25 hours' from generate_series(1, 12000) n`,
    );
    await app.get(Retention).purge();
    const left = await db.query(`
      select (select count(*)::int from outbox where published_at < now() - interval '7 days') as outbox, (select count(*)::int from inbox where received_at < now() - interval '30 days') as inbox,
        (select count(*)::int from idempotency_key where created_at < now() - interval '24 hours') as answers`);
    expect(left).toEqual([{ outbox: 0, inbox: 0, answers: 0 }]);
    const kept =
      'select 1 from outbox where id = $1 union all select 1 from inbox where event_id = $2::text union all select 1 from idempotency_key where key = $3';
    expect(await db.query(kept, [fresh.outbox, fresh.inbox, fresh.idempotency_key])).toHaveLength(3);
  });

  it('is alive and ready, and shows its metrics', async () => {
    const ready = await askOperators(app, '/health/ready');
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      { status: 'ok', checks: expect.objectContaining({ nats: 'up', postgres: 'up' }) },
    ]);
    expect((await askOperators(app, '/health/live')).statusCode).toBe(200);
    expect((await askOperators(app, '/metrics')).body).toMatch(
      /rpc_server_duration_seconds_count\{[^}]*subject="probe.make",code="OK"\}/,
    );
  });
});
