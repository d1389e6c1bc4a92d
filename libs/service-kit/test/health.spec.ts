import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { askOperators } from '@fowergram/testing';
import { type CommonConfig, HealthService, OperatorServer, ServiceKitModule } from '../src/index.js';

const config: CommonConfig = {
  APP_NAME: 'Fowergram',
  APP_VERSION: '0.1.0',
  ENVIRONMENT: 'test',
  LOG_LEVEL: 'silent',
  OPERATOR_PORT: 0,
};

describe('The readiness of a service', () => {
  const lines: unknown[] = [];
  let app: NestFastifyApplication;
  let health: HealthService;

  beforeEach(async () => {
    lines.length = 0;
    const write = (line: unknown) => void lines.push(line);
    const logger: LoggerService = { log: () => undefined, warn: write, error: write };
    const module = ServiceKitModule.with('probe', config);
    app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger });
    await app.init();
    health = app.get(HealthService);
    health.add('store', () => Promise.resolve());
  });

  afterEach(() => app.close());

  const ready = async (path = '/health/ready'): Promise<[number, unknown]> => {
    const response = await askOperators(app, path);
    return [response.statusCode, response.json()];
  };

  it('is asked at two addresses, and no cache stores the answer', async () => {
    const expected = [200, { status: 'ok', checks: { store: 'up' } }];
    expect(await ready()).toEqual(expected);
    expect(await ready('/health')).toEqual(expected);
    expect((await askOperators(app, '/health/ready')).headers['cache-control']).toContain('no-store');
  });

  it('is lost while a check fails, without a reason for strangers or a line in the log for each probe', async () => {
    health.add('other', () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')));
    expect(await ready()).toEqual([503, { status: 'unavailable', checks: { store: 'up', other: 'down' } }]);
    expect(lines).toEqual([]);
  });

  it('is lost within about a second when a check does not answer', async () => {
    health.add('silent', () => new Promise(() => undefined));
    const startedAt = performance.now();
    expect(await ready()).toEqual([503, { status: 'unavailable', checks: { store: 'up', silent: 'down' } }]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('is lost as soon as the service drains, while it is alive and its stores are up', async () => {
    health.onModuleDestroy();
    expect(await ready()).toEqual([503, { status: 'unavailable', checks: { store: 'up' } }]);
    expect((await askOperators(app, '/health/live')).json()).toEqual({ status: 'ok' });
  });

  it('is asked by those who may change what is logged there, too', async () => {
    const put = (payload: object) => app.get(OperatorServer).http.inject({ method: 'PUT', url: '/log', payload });
    expect((await put({ level: 'error' })).json()).toMatchObject({ settings: { level: 'error' } });
    expect((await askOperators(app, '/log')).json()).toMatchObject({ settings: { level: 'error' } });
    const refused = await put({ level: 'loud' });
    expect([refused.statusCode, refused.json()]).toEqual([400, expect.objectContaining({ path: ['level'] })]);
    const posted = await app.get(OperatorServer).http.inject({ method: 'POST', url: '/log', payload: {} });
    expect([posted.statusCode, posted.headers.allow]).toEqual([405, 'GET, HEAD, PUT']);
  });
});
