// Prints the Secrets that the manifests of k8s/ refer to, each with random values, for the stores inside the cluster:
//   node tools/manifests/make-secrets.mjs | kubectl create --namespace fowergram --filename -
// `create`, not `apply`: a second run must not change the passwords of stored data.
import { randomBytes } from 'node:crypto';

const random = () => randomBytes(24).toString('hex');

/** Every Secret with its keys; addresses point at the stores of k8s/base, and mails at the Mailpit of k8s/overlays/local. */
export function secrets() {
  const databases = Object.fromEntries(
    ['user', 'post', 'media', 'notification', 'auth'].map((name) => [name, random()]),
  );
  const databaseUrl = (name) =>
    `postgresql://fowergram_${name}:${databases[name]}@postgres:5432/fowergram_${name}?sslmode=disable`;
  const nats = { user: 'fowergram', password: random() };
  const redisPassword = random();
  const apiKey = random();
  const natsUrl = { NATS_URL: `nats://${nats.user}:${nats.password}@nats:4222` };
  const redisUrl = { REDIS_URL: `redis://:${redisPassword}@redis:6379` };

  return {
    'gateway-secrets': { ...natsUrl, ...redisUrl, SUPERTOKENS_API_KEY: apiKey, SIGN_IN_PROVIDERS: '[]' },
    'user-secrets': {
      ...natsUrl,
      DATABASE_URL: databaseUrl('user'),
      SECOND_FACTOR_KEY: randomBytes(32).toString('hex'),
    },
    'post-secrets': { ...natsUrl, ...redisUrl, DATABASE_URL: databaseUrl('post') },
    'media-secrets': {
      ...natsUrl,
      ...redisUrl,
      DATABASE_URL: databaseUrl('media'),
      MINIO_ACCESS_KEY: 'fowergram-media',
      MINIO_SECRET_KEY: random(),
    },
    'notification-secrets': { ...natsUrl, DATABASE_URL: databaseUrl('notification'), SMTP_URL: 'smtp://mailpit:1025' },
    'postgres-secrets': {
      POSTGRES_PASSWORD: random(),
      ...Object.fromEntries(
        Object.entries(databases).map(([name, password]) => [`${name.toUpperCase()}_DATABASE_PASSWORD`, password]),
      ),
    },
    'redis-secrets': { REDIS_PASSWORD: redisPassword },
    'nats-secrets': { NATS_USER: nats.user, NATS_PASSWORD: nats.password, NATS_ROUTE_PASSWORD: random() },
    'minio-secrets': { MINIO_ROOT_USER: 'fowergram-root', MINIO_ROOT_PASSWORD: random() },
    'supertokens-secrets': {
      API_KEYS: apiKey,
      POSTGRESQL_CONNECTION_URI: `postgresql://fowergram_auth:${databases.auth}@postgres:5432/fowergram_auth`,
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const items = Object.entries(secrets()).map(([name, stringData]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData,
  }));
  console.log(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2));
}
