// Prints the Secrets that the manifests of k8s/ refer to, each with random values, for the stores inside the cluster:
//   node tools/manifests/make-secrets.mjs | kubectl create --namespace fowergram --filename -
// `create`, not `apply`: a second run must not change the passwords of stored data.
import { randomBytes } from 'node:crypto';
import { databaseServices, ownerOf, passwordVariable, roleOf } from '../permissions/postgres-roles.mjs';
import { redisServices } from '../permissions/redis-users.mjs';

const random = () => randomBytes(24).toString('hex');

/** Every Secret with its keys; addresses point at the stores of k8s/base, and mails at the Mailpit of k8s/overlays/local. */
export function secrets() {
  const each = (names) => Object.fromEntries(names.map((name) => [name, random()]));
  const databases = each([...databaseServices, ...databaseServices.map(ownerOf), 'auth']);
  const databaseUrl = (name, user = name) =>
    `postgresql://${roleOf(user)}:${databases[user]}@postgres:5432/${roleOf(name)}?sslmode=disable`;
  // A service enters by the PgBouncer of its pod, which enters Postgres with the same name and password.
  const pooled = (name) => ({
    DATABASE_URL: `postgresql://${roleOf(name)}:${databases[name]}@127.0.0.1:6432/${roleOf(name)}?sslmode=disable`,
    'userlist.txt': `"${roleOf(name)}" "${databases[name]}"\n`,
  });
  const migration = (name) => ({ DATABASE_URL: databaseUrl(name, ownerOf(name)) });
  const nats = each(['administrator', 'operator', 'gateway', ...databaseServices]);
  const natsUrl = (user) => ({ NATS_URL: `nats://${user}:${nats[user]}@nats:4222` });
  const redis = each(redisServices);
  const redisUrl = (user) => ({ REDIS_URL: `redis://${user}:${redis[user]}@redis:6379` });
  const apiKey = random();

  return {
    'gateway-secrets': {
      ...natsUrl('gateway'),
      ...redisUrl('gateway'),
      SUPERTOKENS_API_KEY: apiKey,
      CURSOR_KEY: randomBytes(32).toString('hex'),
      SIGN_IN_PROVIDERS: '[]',
    },
    'user-secrets': {
      ...natsUrl('user'),
      ...pooled('user'),
      SECOND_FACTOR_KEY: randomBytes(32).toString('hex'),
    },
    'post-secrets': { ...natsUrl('post'), ...redisUrl('post'), ...pooled('post') },
    'media-secrets': {
      ...natsUrl('media'),
      ...redisUrl('media'),
      ...pooled('media'),
      MINIO_ACCESS_KEY: 'fowergram-media',
      MINIO_SECRET_KEY: random(),
    },
    'notification-secrets': {
      ...natsUrl('notification'),
      ...pooled('notification'),
      SMTP_URL: 'smtp://mailpit:1025',
      WEBHOOK_KEY: randomBytes(32).toString('hex'),
    },
    'user-migration-secrets': migration('user'),
    'post-migration-secrets': migration('post'),
    'media-migration-secrets': migration('media'),
    'notification-migration-secrets': migration('notification'),
    'postgres-secrets': {
      POSTGRES_PASSWORD: random(),
      ...Object.fromEntries(Object.entries(databases).map(([user, password]) => [passwordVariable(user), password])),
    },
    'redis-secrets': { REDIS_PASSWORD: random(), ...passwords('REDIS', redis) },
    'nats-secrets': { ...natsUrl('administrator'), ...passwords('NATS', nats), NATS_ROUTE_PASSWORD: random() },
    'minio-secrets': { MINIO_ROOT_USER: 'fowergram-root', MINIO_ROOT_PASSWORD: random() },
    'supertokens-secrets': {
      API_KEYS: apiKey,
      POSTGRESQL_CONNECTION_URI: `postgresql://fowergram_auth:${databases.auth}@postgres:5432/fowergram_auth`,
    },
  };
}

/** NATS_POST_PASSWORD and so on. */
const passwords = (store, users) =>
  Object.fromEntries(
    Object.entries(users).map(([user, password]) => [`${store}_${user.toUpperCase()}_PASSWORD`, password]),
  );

if (process.argv[1] === import.meta.filename) {
  const items = Object.entries(secrets()).map(([name, stringData]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData,
  }));
  console.log(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2));
}
