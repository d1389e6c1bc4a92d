import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { eventually } from '@fowergram/testing';
import { EXIT, run } from '../../../../tools/admin/src/run.js';
import { query } from '../../../../tools/stack/postgres.mjs';
import { known } from '../../../../tools/stack/programs.mjs';
import { BUSY, busyNetwork, holdsEventually, progress } from '../../faults/busy-network.js';
import { flushRedis } from '../../faults/flush-redis.js';
import { uploadPhoto } from '../../src/actions.js';
import { type Network, serviceNames, startNetwork } from '../../src/network.js';
import { drawPhoto } from '../../src/photos.js';
import { Bucket } from './objects.js';

/** Beside the load, which this process makes. */
const execute = promisify(execFile);
const SCRIPTS = join(import.meta.dirname, '../../../../tools/backup');

describe('a backup that is made under load', () => {
  let network: Network;
  let receiver: ChildProcess | undefined;
  const backups = join(tmpdir(), `fowergram-backup-${randomBytes(4).toString('hex')}`);

  beforeAll(async () => {
    network = await startNetwork({ durable: true, extra: { gateway: BUSY } });
  }, 120_000);
  afterAll(async () => {
    receiver?.kill();
    await network?.stop();
    rmSync(backups, { recursive: true, force: true });
  }, 60_000);

  /** The environment of a script, which runs as whoever Postgres runs as. */
  function surroundings(data: string) {
    const { uid, gid } = statSync(data);
    const { hostname, port, username, password } = new URL(network.stack.postgres.url);
    const path = [...known.postgres!.folders(), process.env.PATH].join(':');
    mkdirSync(backups, { recursive: true });
    chownSync(backups, uid, gid);
    return {
      uid,
      gid,
      cwd: backups,
      env: {
        PATH: path,
        BACKUP_FOLDER: backups,
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: username,
        PGPASSWORD: decodeURIComponent(password),
      },
    };
  }

  /** Types a command of operators; answers what it says. */
  async function operate(...words: string[]): Promise<string> {
    const said: string[] = [];
    const say = { out: (text: string) => said.push(text), error: (text: string) => said.push(text) };
    const status = await run(words, { OPERATOR_NATS_URL: network.stack.nats.urlOf('operator') }, say);
    if (status !== EXIT.done) throw new Error(said.join('\n'));
    return said[0]!;
  }

  async function dataFolder(): Promise<string> {
    const [setting] = await query<{ folder: string }>(
      network.stack.postgres.url,
      `select current_setting('data_directory') as folder`,
    );
    return setting!.folder;
  }

  /** Ends what is written to the log now, and waits until the receiver has all of it. */
  async function receiveAll(): Promise<void> {
    const [last] = await query<{ file: string }>(
      network.stack.postgres.url,
      `select pg_walfile_name(pg_switch_wal()) as file`,
    );
    await eventually(() => existsSync(join(backups, 'wal', last!.file)), 30_000);
  }

  /** NATS comes back with empty streams. */
  async function loseNats(): Promise<void> {
    const folder = join(network.stack.dataDir, 'nats');
    await network.stack.nats.stop();
    rmSync(folder, { recursive: true });
    mkdirSync(folder, { mode: 0o700 });
    await network.stack.nats.start();
  }

  it('brings back a moment after it, finds which pictures are older, and is followed by the next one', async () => {
    const { postgres } = network.stack;
    const bucket = new Bucket(network);
    const data = await dataFolder();
    const as = surroundings(data);
    const { users, load } = await busyNetwork(network, 7);

    receiver = spawn(join(SCRIPTS, 'wal.sh'), { ...as, stdio: 'ignore' });
    await progress(load, 60);
    const startedAt = Date.now();
    const base = (await execute(join(SCRIPTS, 'base.sh'), as)).stdout.trim();
    process.stderr.write(`base backup in ${Date.now() - startedAt} ms\n`);
    await progress(load, 60);
    await load.stop();
    const objects = await bucket.copy();
    const late = await uploadPhoto(users[0]!.client, await drawPhoto({ seed: 2, width: 96, height: 64 }));

    await query(postgres.url, `select pg_create_restore_point('before the disaster')`);
    await query(network.databases.post!, 'delete from post_like');
    await query(network.databases.user!, 'delete from follow');
    await receiveAll();

    await Promise.all(serviceNames.map((name) => network.services[name].stop()));
    receiver.kill();
    await postgres.stop();
    const outageAt = Date.now();
    renameSync(data, `${data}.lost`);
    mkdirSync(data);
    chownSync(data, as.uid, as.gid);
    await execute(join(SCRIPTS, 'restore.sh'), [base, data, `name = 'before the disaster'`], as);
    await postgres.start();
    await eventually(async () => {
      const [row] = await query<{ recovers: boolean }>(postgres.url, 'select pg_is_in_recovery() as recovers');
      expect(row!.recovers).toBe(false);
    }, 60_000);
    await loseNats();
    await bucket.destroy();
    await bucket.restore(objects);
    await flushRedis(network);
    await Promise.all(serviceNames.map((name) => network.services[name].start()));

    const found = await operate('reconcile');
    expect(found).toMatch(/^would .*publish again \d+ events/);
    expect(found).toContain(late.replace('media_', ''));
    await operate('reconcile', '--all', '--yes', '--by', 'the drill');
    process.stderr.write(
      `restored in ${Date.now() - outageAt} ms, ${load.model.acknowledged} requests were acknowledged\n`,
    );

    await holdsEventually(network, users, load);
    expect(load.model.acknowledged).toBeGreaterThan(120);
    expect(await operate('reconcile')).toMatch(/^would change nothing/);
    const counters = JSON.parse(await operate('counters', 'audit', '--json')) as { drift: number }[];
    expect(counters.filter(({ drift }) => drift !== 0)).toEqual([]);

    renameSync(join(backups, 'wal'), join(backups, 'wal.before'));
    receiver = spawn(join(SCRIPTS, 'wal.sh'), { ...as, stdio: 'ignore' });
    await eventually(() => existsSync(join(backups, 'wal')), 30_000);
    await execute(join(SCRIPTS, 'base.sh'), as);
    await receiveAll();
    expect(readdirSync(join(backups, 'base'))).toHaveLength(2);
  }, 400_000);
});
