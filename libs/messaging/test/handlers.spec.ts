import {
  BadRequestException,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  InternalServerErrorException,
  NotFoundException,
  ParseIntPipe,
  RequestTimeoutException,
  Scope,
  UnauthorizedException,
} from '@nestjs/common';
import {
  ClientProxy,
  CONTEXT,
  Ctx,
  MessagePattern,
  Payload as PayloadOf,
  type RequestContext,
  RpcException,
} from '@nestjs/microservices';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { jetstreamManager } from '@nats-io/jetstream';
import { z } from 'zod';
import { AppError, command, event, type Parsed, type Payload, query } from '@fowergram/contracts-core';
import { eventually } from '@fowergram/testing';
import { DEAD_LETTER_STREAM, Handle, JetStreamContext, On, RpcContext } from '../src/index.js';
import { type Probe, said, say, startProbe } from './probe.js';

const fail = query('probe.fail', { input: z.object({ how: z.string() }), output: z.object({}) });
const explicit = command('probe.explicit', {
  input: z.object({ count: z.coerce.number() }),
  output: z.object({ parts: z.array(z.unknown()) }),
});
const scoped = query('probe.scoped', { input: z.object({ name: z.string() }), output: z.object({ said: z.string() }) });
const poisonous = event('probe.poisonous', z.object({ text: z.string() }));

const thrown: Record<string, () => unknown> = {
  app: () => new AppError('CONFLICT', 'as asked', { path: ['how'], reason: 'BECAUSE' }),
  forbidden: () => new ForbiddenException(),
  unauthorized: () => new UnauthorizedException(),
  bad: () => new BadRequestException(['how is wrong', 'and more']),
  missing: () => new NotFoundException('There is no such thing.'),
  late: () => new RequestTimeoutException(),
  broken: () => new InternalServerErrorException('secret detail'),
  rpc: () => new RpcException({ code: 'RATE_LIMITED', message: 'Slowly.', details: { retryAfterSeconds: 3 } }),
  text: () => new RpcException('secret detail'),
  bug: () => new TypeError('secret detail'),
};

const Subject = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  context.switchToRpc().getContext<RpcContext>().getSubject(),
);

const heard: { text: string; context: JetStreamContext }[] = [];

@Controller()
class Handlers {
  @Handle(say)
  async say({ text, times }: Parsed<typeof say>): Promise<{ said: string }> {
    return { said: text.repeat(times) };
  }

  @Handle(fail)
  async fail({ how }: Parsed<typeof fail>): Promise<Record<string, never>> {
    throw thrown[how]!();
  }

  @Handle(explicit)
  async explicit(
    @PayloadOf() input: Parsed<typeof explicit>,
    @Ctx() context: RpcContext,
    @PayloadOf('count', ParseIntPipe) count: number,
    @Subject() subject: string,
  ): Promise<{ parts: unknown[] }> {
    return { parts: [input, context.idempotencyKey, count, subject] };
  }

  @On(said)
  async heard(@PayloadOf() { text }: Payload<typeof said>, @Ctx() context: JetStreamContext): Promise<void> {
    heard.push({ text, context });
  }

  @On(poisonous)
  async poisonous(): Promise<void> {
    throw new ForbiddenException();
  }
}

let made = 0;

@Injectable({ scope: Scope.REQUEST })
class OfThisRequest {
  constructor(@Inject(CONTEXT) readonly request: RequestContext<{ name: string }, RpcContext>) {
    made++;
    if (request.data.name === 'broken') throw new Error('cannot be made');
  }
}

@Controller()
class ScopedHandlers {
  constructor(private readonly mine: OfThisRequest) {}

  @Handle(scoped)
  async scoped({ name }: Parsed<typeof scoped>): Promise<{ said: string }> {
    if (name === 'missing') throw new NotFoundException();
    return { said: `${name} ${this.mine.request.data.name} ${this.mine.request.getContext().getSubject()}` };
  }
}

describe('a handler', () => {
  let probe: Probe;

  beforeAll(async () => {
    probe = await startProbe({ controllers: [Handlers] });
  });

  afterAll(() => probe?.close());

  it.each([
    ['app', { code: 'CONFLICT', message: 'as asked', details: { path: ['how'], reason: 'BECAUSE' } }],
    ['forbidden', { code: 'FORBIDDEN' }],
    ['unauthorized', { code: 'UNAUTHENTICATED' }],
    ['bad', { code: 'BAD_USER_INPUT', message: 'how is wrong' }],
    ['missing', { code: 'NOT_FOUND', message: 'There is no such thing.' }],
    ['late', { code: 'UNAVAILABLE' }],
    ['rpc', { code: 'RATE_LIMITED', message: 'Slowly.', details: { retryAfterSeconds: 3 } }],
  ])('that throws an exception of kind "%s" answers with its code', async (how, error) => {
    await expect(probe.messaging.call(fail, { how })).rejects.toMatchObject(error);
  });

  it.each(['broken', 'text', 'bug'])('that throws an exception of kind "%s" shows nothing of it', async (how) => {
    await expect(probe.messaging.call(fail, { how })).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'Something went wrong on our side.',
    });
  });

  it('takes payload, context, a field and a custom decorator where its author has put them', async () => {
    const answer = await probe.messaging.call(explicit, { count: '7' }, { idempotencyKey: 'k' });
    expect(answer.parts).toEqual([{ count: 7 }, 'k', 7, 'rpc.probe.explicit']);
  });

  it('validates the payload also where its author has decorated it', async () => {
    await expect(probe.messaging.call(explicit, { count: 'many' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['count'] },
    });
  });

  it('of an event reads id, consumer and correlation id from the context', async () => {
    const eventId = await probe.messaging.publish(said, { text: 'context', times: 1 });
    await eventually(() => heard.some(({ text }) => text === 'context'));
    const { context } = heard.find(({ text }) => text === 'context')!;
    expect(context).toMatchObject({ eventId, consumer: 'probe-probe-said', tries: 1 });
    expect(context.getSubject()).toBe('evt.probe.said');
    expect(context.correlationId).not.toBe('');
  });

  it('of an event that always throws an exception of Nest ends as a dead letter with a message id', async () => {
    await probe.messaging.publish(poisonous, { text: 'x' });
    const manager = await jetstreamManager(probe.nats);
    const last = await eventually(
      async () =>
        (await manager.streams.getMessage(DEAD_LETTER_STREAM.name, { last_by_subj: 'dead.probe-probe-poisonous' })) ??
        false,
    );
    expect(last && last.header.get('Nats-Msg-Id')).toMatch(/^probe-probe-poisonous:\d+$/);
  });
});

describe('a request-scoped controller', () => {
  let probe: Probe;

  beforeAll(async () => {
    probe = await startProbe({ controllers: [ScopedHandlers], providers: [OfThisRequest] });
  });

  afterAll(() => probe?.close());

  it('is made for each request and sees that request', async () => {
    const before = made;
    const answers = await Promise.all(['ann', 'bo'].map((name) => probe.messaging.call(scoped, { name })));
    expect(answers).toEqual(['ann', 'bo'].map((name) => ({ said: `${name} ${name} rpc.probe.scoped` })));
    expect(made).toBe(before + 2);
  });

  it('answers typed errors of its method', async () => {
    await expect(probe.messaging.call(scoped, { name: 'missing' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('answers INTERNAL when it cannot be made', async () => {
    await expect(probe.messaging.call(scoped, { name: 'broken' })).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('a service', () => {
  @Controller()
  class Second {
    @Handle(say)
    async sayToo(): Promise<{ said: string }> {
      return { said: '' };
    }
  }

  @Controller()
  class Bare {
    @MessagePattern('probe.bare')
    bare(): string {
      return 'never';
    }
  }

  it('does not start with two methods for one request', async () => {
    await expect(startProbe({ controllers: [Handlers, Second] })).rejects.toThrow('Two methods answer rpc.probe.say.');
  });

  it('does not start with a pattern that has no contract', async () => {
    await expect(startProbe({ controllers: [Bare] })).rejects.toThrow('has no contract: use @Handle or @On');
  });
});

describe('the ClientProxy of a service', () => {
  let probe: Probe;
  let client: ClientProxy;

  beforeAll(async () => {
    probe = await startProbe({ controllers: [Handlers] });
    client = probe.app.get(ClientProxy, { strict: false });
  });

  afterAll(() => probe?.close());

  it('sends requests and rebuilds typed errors', async () => {
    await expect(firstValueFrom(client.send(say, { text: 'ha', times: 2 }))).resolves.toEqual({ said: 'haha' });
    await expect(firstValueFrom(client.send(fail, { how: 'app' }))).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('emits events that are stored by the broker and consumed', async () => {
    await lastValueFrom(client.emit(said, { text: 'emitted', times: 1 }));
    await eventually(() => heard.some(({ text }) => text === 'emitted'));
  });

  it('emits nothing that breaks the contract', async () => {
    await expect(lastValueFrom(client.emit(said, { text: '' }))).rejects.toThrow();
  });
});
