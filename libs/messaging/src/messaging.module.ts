import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import type { NatsConnection } from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import { HealthChecks, type Logger, LOGGER } from '@fowergram/service-kit';
import { Bus } from './bus.js';
import { connectNats } from './connection.js';
import { handlersOf, listenersOf } from './decorators.js';
import { JetStreamServer } from './jetstream.server.js';
import { NATS, SERVICE_NAME } from './nats.token.js';
import { RpcServer } from './rpc.server.js';

type Method = (...args: unknown[]) => Promise<unknown>;

/** Finds every @Handle and @On of the service when it has started, and connects them to NATS. */
@Injectable()
class Doors implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly rpc: RpcServer;
  private readonly events: JetStreamServer;

  constructor(
    private readonly discovery: DiscoveryService,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(SERVICE_NAME) service: string,
    @Inject(LOGGER) log: Logger,
    metrics: Registry,
    health: HealthChecks,
  ) {
    this.rpc = new RpcServer(nats, service, log, metrics);
    this.events = new JetStreamServer(nats, service, log, metrics);
    health.add('nats', async () => {
      await nats.flush();
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.events.prepare();
    for (const { instance } of [...this.discovery.getControllers(), ...this.discovery.getProviders()]) {
      if (!instance || typeof instance !== 'object') continue;
      const doors = instance as Record<string, Method>;
      const prototype = Object.getPrototypeOf(instance) as object | null;
      if (!prototype) continue;
      for (const { contract, method } of handlersOf(prototype))
        this.rpc.serve(contract, (...args) => doors[method]!(...args));
      for (const { contract, method } of listenersOf(prototype)) {
        await this.events.consume(contract, async (...args) => void (await doors[method]!(...args)));
      }
    }
    await this.nats.flush();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.rpc.drain(), this.events.drain()]);
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.nats.isClosed()) await this.nats.drain();
  }
}

/** Connects the service to NATS and provides the Bus to all of its modules. */
@Module({})
export class MessagingModule {
  static with(options: { service: string; natsUrl: string }): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: SERVICE_NAME, useValue: options.service },
        { provide: NATS, useFactory: () => connectNats(options.natsUrl, options.service) },
        Bus,
        Doors,
      ],
      exports: [NATS, SERVICE_NAME, Bus],
    };
  }
}
