import type { MessageHandler } from '@nestjs/microservices';
import { type Context, context as otelContext } from '@opentelemetry/api';
import { isObservable, lastValueFrom } from 'rxjs';
import { type Envelope, withEnvelope } from '@fowergram/service-kit';

/** Runs a handler of Nest as part of a message's request and trace; await what it returns, and give that to lastValueOf. */
export function handle(handler: MessageHandler, data: unknown, envelope: Envelope, traced: Context): Promise<unknown> {
  return otelContext.with(traced, () => withEnvelope(envelope, () => handler(data, envelope)));
}

/** The last value of an Observable, which only an interceptor, an exception filter or the method itself makes. */
export function lastValueOf(result: unknown, envelope: Envelope, traced: Context): unknown {
  if (!isObservable(result)) return result;
  const subscribe = () => lastValueFrom(result, { defaultValue: undefined });
  return otelContext.with(traced, () => withEnvelope(envelope, subscribe));
}
