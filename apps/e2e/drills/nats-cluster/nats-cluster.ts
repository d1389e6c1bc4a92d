import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats } from '@fowergram/messaging';
import { eventually, freePort, type Program, startProgram } from '@fowergram/testing';
import { administerNats } from '../../../../tools/stack/nats.mjs';
import { findProgram } from '../../../../tools/stack/programs.mjs';
import { type ServiceVariables, serviceNames, type Stores } from '../../src/network.js';

const USERS = ['administrator', 'operator', ...serviceNames] as const;

interface Server {
  name: string;
  port: number;
  config: string;
  program: Program | undefined;
}

/** Three servers of NATS as k8s/overlays/production has them, with the users and passwords of a stack. */
export class NatsCluster {
  private readonly folder = mkdtempSync(join(tmpdir(), 'fowergram-cluster-'));
  private readonly servers: Server[] = [];
  private passwords: Record<string, string> = {};

  /** Starts the servers; answers their addresses for each service, each service with another one first. */
  async variables({ stack }: Stores): Promise<ServiceVariables> {
    this.passwords = Object.fromEntries(USERS.map((user) => [user, new URL(stack.nats.urlOf(user)).password]));
    const ports = await Promise.all(Array.from({ length: 6 }, () => freePort()));
    copyFileSync('tools/docker/nats/users.conf', join(this.folder, 'users.conf'));
    const routes = ports.slice(3).map((port) => `nats-route://127.0.0.1:${port}`);
    for (let index = 0; index < 3; index++) {
      const name = `nats-${index}`;
      const config = join(this.folder, `${name}.conf`);
      mkdirSync(join(this.folder, name));
      writeFileSync(
        config,
        [
          `server_name: ${name}`,
          `listen: "127.0.0.1:${ports[index]}"`,
          'max_payload: 4MB',
          `jetstream { store_dir: ${JSON.stringify(join(this.folder, name))} }`,
          `cluster { name: fowergram, listen: "127.0.0.1:${ports[3 + index]}", routes: ${JSON.stringify(routes)} }`,
          'include users.conf',
        ].join('\n'),
      );
      this.servers.push({ name, port: ports[index]!, config, program: undefined });
    }
    for (const { name } of this.servers) this.start(name);
    // A cluster without a leader refuses to make streams.
    await eventually(() => administerNats(this.urlOf('administrator')), 60_000);
    return Object.fromEntries(serviceNames.map((name, index) => [name, { NATS_URL: this.urlsOf(name, index % 3) }]));
  }

  /** Which server leads the stream of events, and on how many servers it is. */
  async stream(): Promise<{ leader: string; replicas: number }> {
    const alive = this.servers.findIndex(({ program }) => program);
    const nats = await connectNats(this.urlOf('administrator', alive), 'administrator');
    try {
      const manager = await jetstreamManager(nats, { checkAPI: false });
      const { cluster, config } = await manager.streams.info('EVENTS');
      if (!cluster?.leader) throw new Error('nobody leads the stream yet');
      return { leader: cluster.leader, replicas: config.num_replicas };
    } finally {
      await nats.close();
    }
  }

  /** Ends a server as a power cut does. */
  async kill(name: string): Promise<void> {
    const server = this.servers.find((each) => each.name === name)!;
    await server.program?.stop();
    server.program = undefined;
  }

  start(name: string): void {
    const server = this.servers.find((each) => each.name === name)!;
    // In quotes: a password of digits alone would be a number to the server.
    const passwords = Object.entries(this.passwords).map(([user, password]) => [
      `NATS_${user.toUpperCase()}_PASSWORD`,
      JSON.stringify(password),
    ]);
    server.program = startProgram(findProgram('nats').path!, ['-c', server.config], Object.fromEntries(passwords));
  }

  async stop(): Promise<void> {
    for (const { name } of this.servers) await this.kill(name);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private urlsOf(user: string, first: number): string {
    return this.servers.map((_server, index) => this.urlOf(user, (first + index) % this.servers.length)).join(',');
  }

  private urlOf(user: string, index = 0): string {
    return `nats://${user}:${this.passwords[user]}@127.0.0.1:${this.servers[index]!.port}`;
  }
}
