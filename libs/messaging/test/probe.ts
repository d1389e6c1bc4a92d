import { Module, type ModuleMetadata } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { command, event } from '@fowergram/contracts-core';
import { commonVariables, defineConfig, ServiceKitModule, startService } from '@fowergram/service-kit';
import { startNats, TestMessaging, type TestNats } from '@fowergram/testing';
import { listenersOf, MessagingModule } from '../src/index.js';

const Word = z.object({ text: z.string().min(1), times: z.number().default(1) });

/** The contracts that the tests' controllers handle. */
export const say = command('probe.say', { input: Word, output: z.object({ said: z.string() }) });
export const said = event('probe.said', Word);

const config = defineConfig({ ...commonVariables, NATS_URL: z.string() });

@Module({})
class ProbeModule {}

export interface Probe {
  app: NestFastifyApplication;
  messaging: TestMessaging;
  nats: NatsConnection;
  close(): Promise<void>;
}

type Parts = Pick<ModuleMetadata, 'controllers' | 'providers'>;

/** Makes the consumers that these controllers need, as the administrator does before a service starts. */
export async function makeConsumers({ controllers = [] }: Parts, broker: TestNats): Promise<void> {
  const events = controllers.flatMap(({ prototype }) => listenersOf(prototype as object));
  await broker.makeStreams(events.map(({ contract }) => ({ service: 'probe', subject: contract.subject })));
}

/** Starts a service of these controllers and providers, on a NATS of its own or as a replica on a shared one. */
export async function startProbe(parts: Parts, shared?: TestNats): Promise<Probe> {
  const broker = shared ?? (await startNats());
  const stopBroker = async () => {
    if (!shared) await broker.stop();
  };
  await makeConsumers(parts, broker);
  const probe = await startProbeOn(broker, parts).catch(async (error: unknown) => {
    await stopBroker();
    throw error;
  });
  return {
    ...probe,
    close: async () => {
      await probe.close();
      await stopBroker();
    },
  };
}

/** Starts it on a NATS that may lack its consumers. */
export async function startProbeOn(broker: TestNats, parts: Parts): Promise<Probe> {
  const given = config.read({ ENVIRONMENT: 'test', LOG_LEVEL: 'silent', NATS_URL: broker.url, OPERATOR_PORT: '0' });
  const module = () => ({
    module: ProbeModule,
    ...parts,
    imports: [
      ServiceKitModule.with('probe', given),
      MessagingModule.with({ service: 'probe', natsUrl: given.NATS_URL }),
    ],
  });
  const app = await startService({ name: 'probe', readConfig: config.read, module, host: '127.0.0.1' }, given);
  const messaging = await TestMessaging.open(broker.url);
  return {
    app,
    messaging,
    nats: messaging.nats,
    close: async () => {
      await messaging.close();
      await app.close();
    },
  };
}
