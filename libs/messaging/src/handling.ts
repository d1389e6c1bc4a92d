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

/** Counts the messages that are being handled; cheaper than a set of their promises. */
export class InFlight {
  private count = 0;
  private readonly waiting: (() => void)[] = [];

  begin(): void {
    this.count++;
  }

  end(): void {
    this.count--;
    if (this.count === 0) for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Resolves when nothing is being handled. */
  idle(): Promise<void> {
    return this.count === 0 ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }
}
