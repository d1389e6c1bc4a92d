import { SetMetadata } from '@nestjs/common';

/** The metadata key under which a method carries its schedule. */
export const EVERY = Symbol('EVERY');

export interface Schedule {
  intervalMs: number;
  /** What the log calls the work. */
  name: string;
}

/** A method that is called by itself; the signal is aborted when the service stops, so long work ends between two steps. */
type ScheduledMethod = (signal: AbortSignal) => void | Promise<void>;

/** Calls the method again and again, never beside itself; a failure is logged and the next turn tries again. */
export function Every(intervalMs: number, name: string) {
  return <M extends ScheduledMethod>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>): void => {
    SetMetadata<symbol, Schedule>(EVERY, { intervalMs, name })(target, key, descriptor);
  };
}
