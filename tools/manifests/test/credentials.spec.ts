import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { permissionsMounted, secretsOfCompose, usersOfCompose, usersOfKubernetes } from '../src/credentials.js';
import { type Manifest, parseYaml, readText, root } from '../src/files.js';
import { readBase } from '../src/kubernetes.js';
import { canRender, overlays, render } from '../src/render.js';

/** What npm run generate writes for the servers. */
const generated = [
  'tools/docker/nats/users.conf',
  'tools/docker/postgres/databases.psql',
  'tools/docker/redis/users.acl',
];

const compose = parseYaml(readText('docker-compose.yml'));
const { stdout } = spawnSync(process.execPath, [join(root, 'tools/manifests/make-secrets.mjs')], { encoding: 'utf8' });
const { items } = JSON.parse(stdout) as { items: Manifest[] };
const secrets = Object.fromEntries(items.map((item) => [item.metadata.name, item.stringData])) as Record<
  string,
  Record<string, string>
>;

/** Under its own name each, and only where its code goes; migrations and streams by those who own them. */
const users = {
  gateway: { NATS_URL: 'gateway', REDIS_URL: 'gateway' },
  media: { DATABASE_URL: 'fowergram_media', NATS_URL: 'media', REDIS_URL: 'media' },
  'media-migrate': { DATABASE_URL: 'fowergram_media_owner' },
  'nats-streams': { NATS_URL: 'administrator' },
  notification: { DATABASE_URL: 'fowergram_notification', NATS_URL: 'notification' },
  'notification-migrate': { DATABASE_URL: 'fowergram_notification_owner' },
  post: { DATABASE_URL: 'fowergram_post', NATS_URL: 'post', REDIS_URL: 'post' },
  'post-migrate': { DATABASE_URL: 'fowergram_post_owner' },
  user: { DATABASE_URL: 'fowergram_user', NATS_URL: 'user' },
  'user-migrate': { DATABASE_URL: 'fowergram_user_owner' },
};

describe('The credentials of a service', () => {
  it('are its own in docker-compose.yml', () => {
    expect(usersOfCompose(compose)).toEqual(users);
    expect(secretsOfCompose(compose)).toEqual({
      gateway: ['CURSOR_KEY', 'NATS_GATEWAY_PASSWORD', 'REDIS_GATEWAY_PASSWORD', 'SUPERTOKENS_API_KEY'],
      user: ['NATS_USER_PASSWORD', 'SECOND_FACTOR_KEY', 'USER_DATABASE_PASSWORD'],
      post: ['NATS_POST_PASSWORD', 'POST_DATABASE_PASSWORD', 'REDIS_POST_PASSWORD'],
      media: [
        'MEDIA_DATABASE_PASSWORD',
        'MINIO_ACCESS_KEY',
        'MINIO_SECRET_KEY',
        'NATS_MEDIA_PASSWORD',
        'REDIS_MEDIA_PASSWORD',
      ],
      notification: ['NATS_NOTIFICATION_PASSWORD', 'NOTIFICATION_DATABASE_PASSWORD', 'WEBHOOK_KEY'],
    });
  });

  it('are its own in k8s/base, from Secrets that no other service mounts', () => {
    const objects = readBase().map(({ object }) => object);
    expect(usersOfKubernetes(objects, secrets)).toEqual({
      ...users,
      'post-counters': { DATABASE_URL: 'fowergram_post' },
      'user-counters': { DATABASE_URL: 'fowergram_user' },
    });
    const mounted = objects
      .filter(({ kind }) => kind === 'Deployment')
      .flatMap(({ metadata, spec }) =>
        spec.template.spec.containers.flatMap(({ env }: Manifest) =>
          (env ?? []).flatMap(({ valueFrom }: Manifest) =>
            valueFrom?.secretKeyRef ? `${metadata.name} ${valueFrom.secretKeyRef.name}` : [],
          ),
        ),
      );
    expect([...new Set<string>(mounted)].filter((line) => !/^(\S+) \1-secrets$/.test(line))).toEqual([]);
  });

  (canRender ? it : it.skip).each(overlays)('are its own in the overlay %s as it is rendered', (overlay) => {
    const objects = render(overlay);
    const named = Object.entries(usersOfKubernetes(objects, secrets)).map(([name, addresses]) => [
      name.replace(/-[a-z0-9]{10}$/, ''),
      addresses,
    ]);
    expect(Object.fromEntries(named)).toEqual({
      ...users,
      'post-counters': { DATABASE_URL: 'fowergram_post' },
      'user-counters': { DATABASE_URL: 'fowergram_user' },
    });
    const maps = objects.filter(({ kind }) => kind === 'ConfigMap').map(({ data }) => data as Record<string, string>);
    const held = Object.assign({}, ...maps) as Record<string, string>;
    const inCluster = generated.filter((file) => overlay !== 'cloud' || file.includes('nats'));
    for (const file of inCluster) expect(held[file.split('/').pop()!]).toBe(readText(file));
    expect(held['nats.conf']).toContain('include users.conf');
  });

  it('have the permissions that are generated, in each store', () => {
    const mounted = Object.values(permissionsMounted()).flat();
    expect(mounted.map((file) => file.replace('./', '')).sort()).toEqual(generated);
  });
});
