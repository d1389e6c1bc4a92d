import { spawnSync } from 'node:child_process';
import { capacityViolations, containersOf, mapOf } from '../src/capacity.js';
import { type Manifest, readText } from '../src/files.js';
import { allSchemaViolations } from '../src/kubernetes.js';
import { canRender, renderWith } from '../src/render.js';
import { containerViolations, podsOf, referenceViolations } from '../src/workloads.js';

const { version } = JSON.parse(readText('package.json')) as { version: string };
/** Where there is no kustomize nothing is rendered; CI has one. */
const rendered = canRender ? it : it.skip;
const OWN = ['postgres-wal', 'postgres-base-backup', 'objects-backup', 'postgres-backup'];

describe('The component backup', () => {
  let objects: Manifest[];
  let own: Manifest[];
  const named = (name: string): Manifest =>
    own.find(({ kind, metadata }) => kind !== 'NetworkPolicy' && metadata.name === name);
  const postgres = (): Manifest =>
    objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'postgres');

  beforeAll(() => {
    objects = canRender ? renderWith('backup') : [];
    own = objects.filter(({ metadata }) => OWN.includes(metadata.name));
  });

  rendered('adds objects that are valid, closed and within the quota', async () => {
    expect(await allSchemaViolations([...own, postgres()])).toEqual([]);
    expect(own.flatMap((object) => containerViolations(object, version))).toEqual([]);
    expect(capacityViolations(objects)).toEqual([]);
    const secrets = {
      'backup-secrets': { PGPASSWORD: 'x', BACKUP_BUCKET: 'x', MC_HOST_store: 'x', MC_HOST_backup: 'x' },
    };
    expect(referenceViolations(own, secrets)).toEqual([]);
    expect(referenceViolations(own, {})).toHaveLength(5);
  });

  rendered('makes a base backup every night and copies pictures every hour, never twice at once', () => {
    const schedules = ['postgres-base-backup', 'objects-backup'].map((name) => named(name).spec);
    expect(schedules.map(({ schedule, concurrencyPolicy }) => [schedule, concurrencyPolicy])).toEqual([
      [expect.stringMatching(/^\d+ \d+ \* \* \*$/), 'Forbid'],
      [expect.stringMatching(/^\d+ \* \* \* \*$/), 'Forbid'],
    ]);
    expect(named('postgres-wal').spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  rendered('runs the scripts of docs/backup.md, with the variables that these ask for', () => {
    const scripts = mapOf(objects, 'backup-scripts');
    for (const name of OWN.slice(0, 3)) {
      const [{ command, env }] = containersOf(named(name));
      const script = scripts[command.at(-1).replace('/opt/backup/', '')]!;
      expect(script).toBe(readText(`tools/backup/${command.at(-1).split('/').pop()}`));
      const asked = [...script.matchAll(/\$\{(\w+):\?\}/g)]
        .map(([, variable]) => variable!)
        .filter((each) => each !== 'needed' && each !== 'base');
      expect(env.map((entry: Manifest) => entry.name)).toEqual(expect.arrayContaining(asked));
    }
  });

  rendered('lets its user replicate, alone, and bounds what the log waits for', () => {
    const hba = mapOf(objects, 'postgres-hba')['pg_hba.conf']!;
    const lines = hba.split('\n').filter((line) => /^host +replication/.test(line));
    expect(lines.map((line) => line.split(/ +/))).toEqual([
      ['host', 'replication', 'fowergram_backup', 'all', 'scram-sha-256'],
    ]);
    const [container] = containersOf(postgres());
    expect(container.args).toEqual(
      expect.arrayContaining(['hba_file=/etc/postgresql/pg_hba.conf', 'max_slot_wal_keep_size=4GB']),
    );
    const mounts = container.volumeMounts.map(({ mountPath }: Manifest) => mountPath as string);
    expect(mounts).toContain('/etc/postgresql');
    for (const name of ['postgres-wal', 'postgres-base-backup'])
      expect(containersOf(named(name))[0].env).toContainEqual({ name: 'PGUSER', value: 'fowergram_backup' });
  });

  rendered('keeps what mounts its volume on one node', () => {
    const { podAffinity } = podsOf(named('postgres-base-backup')).spec.affinity;
    const [{ labelSelector }] = podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    expect(podsOf(named('postgres-wal')).metadata.labels).toMatchObject(labelSelector.matchLabels);
  });

  it.each(['base.sh', 'wal.sh', 'objects.sh', 'restore.sh'])(
    'has a script that a plain shell can read: %s',
    (script) => {
      expect(spawnSync('sh', ['-n', `tools/backup/${script}`], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      });
    },
  );
});
