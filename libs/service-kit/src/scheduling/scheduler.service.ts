import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { type Logger, LOGGER } from '../logger.js';
import { EVERY, type Schedule } from './every.decorator.js';

type Methods = Record<string, (signal: AbortSignal) => void | Promise<void>>;

/** Finds each method marked with @Every and calls it while the service runs. */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    for (const instance of this.instances())
      for (const key of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object)) {
        const method = instance[key]!;
        const schedule = this.reflector.get<Schedule | undefined>(EVERY, method);
        if (schedule) this.start(schedule, async () => method.call(instance, this.stopping.signal));
      }
  }

  /** Starts no further run and waits for those under way. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.running);
  }

  /** A set, since a provider with two tokens is one instance. */
  private instances(): Set<Methods> {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    const instances = wrappers.map(({ instance }) => instance as unknown);
    return new Set(instances.filter((instance): instance is Methods => isInstance(instance)));
  }

  private start({ intervalMs, name }: Schedule, work: () => Promise<void>): void {
    let isRunning = false;
    const turn = () => {
      if (isRunning) return;
      isRunning = true;
      const run = work()
        .catch((error: unknown) => this.log.warn({ err: error, name }, 'background work failed, will be tried again'))
        .finally(() => {
          isRunning = false;
          this.running.delete(run);
        });
      this.running.add(run);
    };
    this.timers.push(setInterval(turn, intervalMs));
  }
}

const isInstance = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) !== null;
