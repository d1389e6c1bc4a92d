import { z } from 'zod';
import { commonVariables, ConfigError, defineConfig, port } from '../src/index.js';

const config = defineConfig({ ...commonVariables, PORT: port(8001), DATABASE_URL: z.url(), NATS_URL: z.url() });

const read = (env: Record<string, string>) => config.read(env as NodeJS.ProcessEnv);

describe('the configuration of a service', () => {
  it('fills in what has a default', () => {
    expect(read({ ENVIRONMENT: 'test', DATABASE_URL: 'postgres://x/y', NATS_URL: 'nats://x' })).toMatchObject({
      PORT: 8001,
      LOG_LEVEL: 'info',
      APP_NAME: 'Fowergram',
    });
  });

  it('reports every violation in one message', () => {
    const failure = attempt(() => read({ ENVIRONMENT: 'moon', PORT: '70000', NATS_URL: 'not a url' }));
    expect(failure).toBeInstanceOf(ConfigError);
    for (const name of ['ENVIRONMENT', 'PORT', 'NATS_URL', 'DATABASE_URL: is missing'])
      expect(failure.message).toContain(name);
  });

  it('treats an empty variable as one that is missing', () => {
    expect(attempt(() => read({ ENVIRONMENT: 'test', DATABASE_URL: '', NATS_URL: 'nats://x' })).message).toContain(
      'DATABASE_URL: is missing',
    );
  });

  it('never shows a value, which may be a secret', () => {
    expect(
      attempt(() => read({ ENVIRONMENT: 'test', DATABASE_URL: 'hunter2', NATS_URL: 'nats://x' })).message,
    ).not.toContain('hunter2');
  });
});

function attempt(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not fail.');
}
