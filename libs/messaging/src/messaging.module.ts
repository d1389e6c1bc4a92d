import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import type { NatsConnection } from '@nats-io/transport-node';
import { HealthService, Transports } from '@fowergram/service-kit';
import { AppErrorFilter } from './app-error.filter.js';
import { connectNats } from './connection.js';
import { ConsumerMetrics } from './events/consumer-metrics.service.js';
import { EventLog } from './events/event-log.client.js';
import { JetStreamStrategy } from './events/jetstream.strategy.js';
import { StoredMessages } from './events/stored-messages.client.js';
import { NATS, SERVICE_NAME } from './nats.token.js';
import { Bus } from './requests/bus.client.js';
import { NatsClient } from './requests/nats.client.js';
import { NatsStrategy } from './requests/nats.strategy.js';
import { ViolationLog } from './violation-log.service.js';

/** Gives the service its two transports and its share of the health checks, and takes the connection down last. */
@Injectable()
class NatsLifecycle implements OnApplicationShutdown {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    requests: NatsStrategy,
    events: JetStreamStrategy,
    transports: Transports,
    health: HealthService,
  ) {
    transports.add(requests, events);
    health.add('nats', async () => {
      await nats.flush();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.nats.isClosed()) await this.nats.drain();
  }
}

/** Connects the service to NATS: controllers answer requests and consume events, and all modules can inject the Bus. */
@Module({})
export class MessagingModule {
  static with(options: { service: string; natsUrl: string }): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: SERVICE_NAME, useValue: options.service },
        { provide: NATS, useFactory: () => connectNats(options.natsUrl, options.service) },
        { provide: ClientProxy, useClass: NatsClient },
        AppErrorFilter,
        Bus,
        ConsumerMetrics,
        EventLog,
        JetStreamStrategy,
        NatsLifecycle,
        NatsStrategy,
        StoredMessages,
        ViolationLog,
      ],
      exports: [AppErrorFilter, Bus, ClientProxy, EventLog, StoredMessages],
    };
  }
}
