import { serviceNames, variablesOf } from '../services.mjs';
import type { Stack } from '../stack.mjs';

const stack = {
  dataDir: '/nowhere',
  postgres: { url: 'postgresql://admin:secret@127.0.0.1:5000/postgres' },
  passwords: { user: 'u', post: 'p', media: 'm', notification: 'n', auth: 'a' },
  urlsOf: (service: string) => ({
    NATS_URL: `nats://${service}:secret@n`,
    REDIS_URL: `redis://${service}:secret@r`,
  }),
  env: {
    MINIO_ENDPOINT: 'http://m',
    MINIO_PUBLIC_ENDPOINT: 'http://m',
    MINIO_BUCKET: 'b',
    MINIO_ACCESS_KEY: 'k',
    MINIO_SECRET_KEY: 's',
    SUPERTOKENS_CONNECTION_URI: 'http://st',
    SUPERTOKENS_API_KEY: 'key',
    SMTP_URL: 'smtp://m',
  },
} as unknown as Stack;

const storesOf = (name: (typeof serviceNames)[number]) =>
  Object.keys(variablesOf(name, { stack, operatorPort: 1 }))
    .filter((variable) => /_URL|MINIO|SUPERTOKENS/.test(variable))
    .sort();

describe('a service on a stack', () => {
  it('is given the stores that it may use and no others', () => {
    expect(Object.fromEntries(serviceNames.map((name) => [name, storesOf(name)]))).toEqual({
      gateway: ['NATS_URL', 'REDIS_URL', 'SUPERTOKENS_API_KEY', 'SUPERTOKENS_CONNECTION_URI'],
      user: ['DATABASE_URL', 'NATS_URL'],
      post: ['DATABASE_URL', 'NATS_URL', 'REDIS_URL'],
      media: [
        'DATABASE_URL',
        'MINIO_ACCESS_KEY',
        'MINIO_BUCKET',
        'MINIO_ENDPOINT',
        'MINIO_PUBLIC_ENDPOINT',
        'MINIO_SECRET_KEY',
        'NATS_URL',
        'REDIS_URL',
      ],
      notification: ['DATABASE_URL', 'NATS_URL', 'SMTP_URL'],
    });
  });

  it('enters the database as its own role', () => {
    expect(variablesOf('post', { stack, operatorPort: 9092 })).toMatchObject({
      OPERATOR_PORT: '9092',
      DATABASE_URL: 'postgresql://fowergram_post:p@127.0.0.1:5000/fowergram_post',
    });
  });

  it('enters NATS as its own user', () => {
    expect(variablesOf('post', { stack, operatorPort: 1 })).toMatchObject({ NATS_URL: 'nats://post:secret@n' });
  });

  it('gets a general value when it reads it, and a special one when that is its own', () => {
    const env = { LOG_LEVEL: 'debug', API_DOMAIN: 'http://elsewhere' };
    expect(variablesOf('gateway', { stack, port: 1, operatorPort: 2, env })).toMatchObject(env);
    expect(variablesOf('post', { stack, operatorPort: 2, env, extra: { FEED_LIMIT: '5' } })).toMatchObject({
      LOG_LEVEL: 'debug',
      FEED_LIMIT: '5',
    });
    expect(variablesOf('post', { stack, operatorPort: 2, env })).not.toHaveProperty('API_DOMAIN');
  });

  it('is reached by operators at a port of its own, and by clients only if it is the gateway', () => {
    const ports = (name: (typeof serviceNames)[number]) => {
      const { PORT, OPERATOR_PORT } = variablesOf(name, { stack, port: 8000, operatorPort: 9090 });
      return [PORT, OPERATOR_PORT];
    };
    expect(Object.fromEntries(serviceNames.map((name) => [name, ports(name)]))).toEqual({
      gateway: ['8000', '9090'],
      user: [undefined, '9090'],
      post: [undefined, '9090'],
      media: [undefined, '9090'],
      notification: [undefined, '9090'],
    });
  });
});
