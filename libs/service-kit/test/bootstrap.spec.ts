import { createServer } from 'node:net';
import { type BeforeApplicationShutdown, type DynamicModule, Injectable, Module } from '@nestjs/common';
import { freePort } from '@fowergram/testing';
import {
  type CommonConfig,
  commonVariables,
  defineConfig,
  port,
  ServiceKitModule,
  startService,
  stopService,
} from '../src/index.js';

const privately = defineConfig(commonVariables);
const publicly = defineConfig({ ...commonVariables, PORT: port(0) });

/** Holds the drain until a test lets it go on. */
@Injectable()
class SlowWork implements BeforeApplicationShutdown {
  static release: () => void;
  static begun: Promise<void>;
  static hold(): void {
    SlowWork.begun = new Promise((begin) => {
      SlowWork.beforeShutdown = () => {
        begin();
        return new Promise((release) => (SlowWork.release = release));
      };
    });
  }
  static beforeShutdown: () => Promise<void> = () => Promise.resolve();
  beforeApplicationShutdown = () => SlowWork.beforeShutdown();
}

@Module({ providers: [SlowWork] })
class ProbeModule {
  static with(config: CommonConfig): DynamicModule {
    return { module: ProbeModule, imports: [ServiceKitModule.with('probe', config)] };
  }
}

const start = (config: CommonConfig) =>
  startService({ name: 'probe', readConfig: privately.read, module: ProbeModule.with, host: '127.0.0.1' }, config);

const variables = (operatorPort: number) => ({
  ENVIRONMENT: 'test',
  LOG_LEVEL: 'silent',
  OPERATOR_PORT: String(operatorPort),
});

const statusOf = async (at: number, path: string) => (await fetch(`http://127.0.0.1:${at}${path}`)).status;

describe('a service', () => {
  it('answers operators at their port, and has no other where no client may call it', async () => {
    const operatorPort = await freePort();
    const app = await start(privately.read(variables(operatorPort)));
    expect(app.getHttpServer().listening).toBe(false);
    expect(await Promise.all(['/health/live', '/metrics', '/'].map((path) => statusOf(operatorPort, path)))).toEqual([
      200, 200, 404,
    ]);
    await app.close();
    await expect(statusOf(operatorPort, '/health/live')).rejects.toThrow();
  });

  it('shows clients nothing of what operators ask', async () => {
    const [clientPort, operatorPort] = [await freePort(), await freePort()];
    const app = await start(publicly.read({ ...variables(operatorPort), PORT: String(clientPort) }));
    const paths = ['/health/live', '/health/ready', '/health', '/metrics'];
    expect(await Promise.all(paths.map((path) => statusOf(clientPort, path)))).toEqual([404, 404, 404, 404]);
    await app.close();
  });

  it('says that it is alive and not ready as long as it drains', async () => {
    const operatorPort = await freePort();
    const app = await start(privately.read(variables(operatorPort)));
    SlowWork.hold();
    const closed = app.close();
    await SlowWork.begun;
    expect([await statusOf(operatorPort, '/health/live'), await statusOf(operatorPort, '/health/ready')]).toEqual([
      200, 503,
    ]);
    SlowWork.release();
    await closed;
  });

  it('is not ready, and answers as before, until it has taken its leave', async () => {
    const [clientPort, operatorPort] = [await freePort(), await freePort()];
    const app = await start(publicly.read({ ...variables(operatorPort), PORT: String(clientPort) }));
    SlowWork.beforeShutdown = () => Promise.resolve();
    let hasLeft: () => void = () => undefined;
    const stopped = stopService({ leave: () => new Promise((resolve) => (hasLeft = resolve)) }, app);
    expect([await statusOf(operatorPort, '/health/ready'), await statusOf(clientPort, '/')]).toEqual([503, 404]);
    hasLeft();
    await stopped;
    await expect(statusOf(clientPort, '/')).rejects.toThrow();
  });

  it('leaves nothing open when its operators’ port is taken', async () => {
    const [clientPort, operatorPort] = [await freePort(), await freePort()];
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(operatorPort, '127.0.0.1', resolve));
    const config = publicly.read({ ...variables(operatorPort), PORT: String(clientPort) });
    SlowWork.beforeShutdown = () => Promise.resolve();
    await expect(start(config)).rejects.toThrow('EADDRINUSE');
    await expect(statusOf(clientPort, '/')).rejects.toThrow();
    await new Promise((resolve) => other.close(resolve));
  });
});
