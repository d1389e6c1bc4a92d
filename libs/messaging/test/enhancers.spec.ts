import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { map, type Observable, of, tap, throwError } from 'rxjs';
import type { Parsed, Payload } from '@fowergram/contracts-core';
import { AppError } from '@fowergram/contracts-core';
import { askOperators, eventually } from '@fowergram/testing';
import { Handle, JetStreamContext, On, RpcContext } from '../src/index.js';
import { type Probe, said, say, startProbe } from './probe.js';

const asked: string[] = [];
const heard: string[] = [];

const textOf = (context: ExecutionContext): string => context.switchToRpc().getData<{ text: string }>().text;

class MethodGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return textOf(context) !== 'method guard';
  }
}

class ControllerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const message = context.switchToRpc().getContext<RpcContext | JetStreamContext>();
    asked.push(`${message.getSubject()} ${message.correlationId.length > 0}`);
    return textOf(context) !== 'controller guard';
  }
}

class AppGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.getType() !== 'rpc' || textOf(context) !== 'app guard';
  }
}

function mark(value: unknown, by: string): unknown {
  const { text } = (value ?? {}) as { text?: unknown };
  return typeof text === 'string' && text.startsWith('pipes') ? { ...(value as object), text: `${text} ${by}` } : value;
}

class MethodPipe implements PipeTransform {
  transform(value: unknown): unknown {
    return mark(value, 'method');
  }
}

class ControllerPipe implements PipeTransform {
  transform(value: unknown): unknown {
    return mark(value, 'controller');
  }
}

class AppPipe implements PipeTransform {
  transform(value: unknown): unknown {
    return mark(value, 'app');
  }
}

const shout = (mark: string) =>
  map((answer: unknown) => (answer ? { said: `${(answer as { said: string }).said}${mark}` } : answer));

class MethodInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(shout('!'));
  }
}

class ControllerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      tap(() => asked.push(`intercepted ${textOf(context)}`)),
      shout('?'),
    );
  }
}

class AppInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return textOf(context) === 'app interceptor' ? of({ said: 'nobody was asked' }) : next.handle();
  }
}

class MethodFault extends Error {}
class ControllerFault extends Error {}
class AppFault extends Error {}

/** Each filter answers a request itself where it can, and lets an event pass as consumed. */
@Catch(MethodFault)
class MethodFilter implements ExceptionFilter {
  catch(): Observable<unknown> {
    return of({ said: 'method filter' });
  }
}

@Catch(ControllerFault)
class ControllerFilter implements ExceptionFilter {
  catch(): Observable<unknown> {
    return of({ said: 'controller filter' });
  }
}

@Injectable()
@Catch(AppFault)
class AppFilter implements ExceptionFilter {
  catch(_fault: AppFault, host: ArgumentsHost): Observable<unknown> {
    const { text } = host.switchToRpc().getData<{ text: string }>();
    return throwError(() => new AppError('CONFLICT', `app filter of ${text}`));
  }
}

function act(text: string): string {
  if (text === 'method filter') throw new MethodFault();
  if (text === 'controller filter') throw new ControllerFault();
  if (text === 'app filter') throw new AppFault();
  return text;
}

@Controller()
@UseGuards(ControllerGuard)
@UsePipes(ControllerPipe)
@UseInterceptors(ControllerInterceptor)
@UseFilters(ControllerFilter)
class Guarded {
  @Handle(say)
  @UseGuards(MethodGuard)
  @UsePipes(MethodPipe)
  @UseInterceptors(MethodInterceptor)
  @UseFilters(MethodFilter)
  async say({ text }: Parsed<typeof say>, { deadlineAt }: RpcContext): Promise<{ said: string }> {
    if (deadlineAt < Date.now()) throw new Error('too late');
    return { said: act(text) };
  }

  @UseGuards(MethodGuard)
  @UsePipes(MethodPipe)
  @UseInterceptors(MethodInterceptor)
  @UseFilters(MethodFilter)
  @On(said)
  async heard({ text }: Payload<typeof said>, { tries }: JetStreamContext): Promise<void> {
    heard.push(`${text} ${tries}`);
    act(text);
  }
}

const levels = ['method', 'controller', 'app'];

describe('what Nest puts around a handler', () => {
  let probe: Probe;

  beforeAll(async () => {
    probe = await startProbe({
      controllers: [Guarded],
      providers: [
        { provide: APP_GUARD, useClass: AppGuard },
        { provide: APP_PIPE, useClass: AppPipe },
        { provide: APP_INTERCEPTOR, useClass: AppInterceptor },
        { provide: APP_FILTER, useClass: AppFilter },
      ],
    });
  });

  afterAll(() => probe?.close());

  const metric = async (outcome: string): Promise<number> => {
    const text = (await askOperators(probe.app, '/metrics')).body;
    return Number(text.match(new RegExp(`event_handled_total{.*outcome="${outcome}".*} (\\d+)`))?.[1] ?? 0);
  };

  describe('a guard', () => {
    it.each(levels)('of the %s refuses a request as FORBIDDEN', async (level) => {
      await expect(probe.messaging.call(say, { text: `${level} guard` })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    it.each(levels)('of the %s lets no event through, which is tried again', async (level) => {
      const before = await metric('retried');
      await probe.messaging.publish(said, { text: `${level} guard`, times: 1 });
      await eventually(async () => (await metric('retried')) > before);
      expect(heard.filter((entry) => entry.startsWith(`${level} guard`))).toEqual([]);
    });

    it('reads subject and correlation id of a request and of an event from the context', async () => {
      await probe.messaging.call(say, { text: 'context' });
      await probe.messaging.publish(said, { text: 'context', times: 1 });
      await eventually(() => heard.includes('context 1'));
      expect(asked).toEqual(expect.arrayContaining(['rpc.probe.say true', 'evt.probe.said true']));
    });
  });

  describe('a pipe', () => {
    it('of each level changes the input of a request, in the order of Nest', async () => {
      await expect(probe.messaging.call(say, { text: 'pipes' })).resolves.toEqual({
        said: 'pipes app controller method!?',
      });
    });

    it('of each level changes the payload of an event, in the order of Nest', async () => {
      await probe.messaging.publish(said, { text: 'pipes', times: 1 });
      await eventually(() => heard.includes('pipes app controller method 1'));
    });
  });

  describe('an interceptor', () => {
    it('of the method and of the controller changes an answer', async () => {
      await expect(probe.messaging.call(say, { text: 'hi' })).resolves.toEqual({ said: 'hi!?' });
    });

    it('of the application answers instead of the method', async () => {
      await expect(probe.messaging.call(say, { text: 'app interceptor' })).resolves.toEqual({
        said: 'nobody was asked',
      });
    });

    it('sees an event that was consumed, and can keep one from the method', async () => {
      await probe.messaging.publish(said, { text: 'app interceptor', times: 1 });
      await probe.messaging.publish(said, { text: 'after it', times: 1 });
      await eventually(() => asked.includes('intercepted after it'));
      expect(heard.some((entry) => entry.startsWith('app interceptor'))).toBe(false);
    });
  });

  describe('an exception filter', () => {
    it.each(['method', 'controller'])('of the %s answers a request that failed', async (level) => {
      await expect(probe.messaging.call(say, { text: `${level} filter` })).resolves.toEqual({
        said: `${level} filter`,
      });
    });

    it('of the application is asked before the one that makes every error a typed one', async () => {
      await expect(probe.messaging.call(say, { text: 'app filter' })).rejects.toMatchObject({
        code: 'CONFLICT',
        message: 'app filter of app filter',
      });
    });

    it.each(['method', 'controller'])('of the %s ends an event that failed', async (level) => {
      const before = await metric('done');
      await probe.messaging.publish(said, { text: `${level} filter`, times: 1 });
      await eventually(async () => (await metric('done')) > before);
    });

    it('that throws again leaves the event to the next try', async () => {
      await probe.messaging.publish(said, { text: 'app filter', times: 1 });
      await eventually(() => heard.includes('app filter 2'));
    });
  });
});
