import { readdirSync, readFileSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';
import { DiscoveryService } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import type { Event, Rpc } from '@fowergram/contracts-core';
import * as mediaContracts from '@fowergram/contracts-media';
import * as notificationContracts from '@fowergram/contracts-notification';
import * as postContracts from '@fowergram/contracts-post';
import * as userContracts from '@fowergram/contracts-user';
import { eventSubject, handlersOf, listenersOf } from '@fowergram/messaging';
import { CounterDrift } from '@fowergram/counters';
import { CONFIG, OperatorServer } from '@fowergram/service-kit';
import { eventually, freePort } from '@fowergram/testing';
import { parse } from 'yaml';
import { config as gatewayConfig } from '../../gateway/src/config.js';
import { config as mediaConfig } from '../../media/src/config.js';
import { config as notificationConfig } from '../../notification/src/config.js';
import { config as postConfig } from '../../post/src/config.js';
import { config as userConfig } from '../../user/src/config.js';
import { comment, follow, homeFeedIds, like, uploadPhoto } from '../src/actions.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { drawPhoto } from '../src/photos.js';
import { comparedIn, startPrometheus, type TestPrometheus } from '../src/prometheus.js';
import { postPhoto, signUpTestUser } from '../src/test-users.js';

const contracts = [userContracts, postContracts, mediaContracts, notificationContracts];
/** Every request, or every event, of every contract: found by the name that they are exported under, so that none is left out. */
const ofAll = <T>(suffix: 'Rpc' | 'Event'): T[] =>
  contracts.flatMap((exported) =>
    Object.entries(exported)
      .filter(([name]) => name.endsWith(suffix))
      .flatMap(([, group]) => Object.values(group) as T[]),
  );
const rpcs = ofAll<Rpc>('Rpc');
const events = ofAll<Event>('Event');

function prototypesOf(app: NestFastifyApplication): object[] {
  const discovery = app.get(DiscoveryService, { strict: false });
  return [...discovery.getControllers(), ...discovery.getProviders()].flatMap(({ instance }) =>
    instance && typeof instance === 'object' ? [Object.getPrototypeOf(instance) as object] : [],
  );
}

describe('five services in one process', () => {
  let network: InProcessNetwork;

  beforeAll(async () => {
    // What is off unless it is configured has metrics, too.
    const nobody = 'postgresql://nobody@127.0.0.1:9/nothing';
    network = await startInProcess({
      extra: { gateway: { GRPC_PORT: String(await freePort()) }, user: { DATABASE_REPLICA_URLS: nobody } },
    });
  }, 60_000);

  afterAll(async () => {
    await network?.stop();
  });

  it('answer every request of the contracts exactly once, each by its owner', () => {
    const answered = Object.entries(network.apps).flatMap(([service, app]) =>
      prototypesOf(app).flatMap((prototype) =>
        handlersOf(prototype ?? {}).map(({ contract }) => `${service} ${contract.subject}`),
      ),
    );
    expect(answered.sort()).toEqual(rpcs.map(({ subject }) => `${subject.split('.')[0]} ${subject}`).sort());
  });

  it('listen only to events of the contracts', () => {
    const subjects = new Set(events.map(eventSubject));
    const heard = Object.values(network.apps).flatMap((app) =>
      prototypesOf(app).flatMap((prototype) =>
        listenersOf(prototype ?? {}).map(({ contract }) => eventSubject(contract)),
      ),
    );
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.filter((subject) => !subjects.has(subject))).toEqual([]);
  });

  it('carry a photo into a feed and a like into a notification', async () => {
    const [ann, bo] = [await signUpTestUser(network, 'ann'), await signUpTestUser(network, 'bo')];
    await follow(bo.client, ann.id);
    const postId = await postPhoto(ann, 'In one process');
    await eventually(async () => (await homeFeedIds(bo.client)).includes(postId));
    await like(bo.client, postId);
    await comment(bo.client, postId, 'Hello');
    await eventually(async () => {
      const { unreadNotificationCount } = await ann.client.request<{ unreadNotificationCount: number }>(
        '{ unreadNotificationCount }',
      );
      return unreadNotificationCount === 3;
    });
  });

  it('export exactly the metrics that dashboards and alerts may use', async () => {
    const listed = JSON.parse(readFileSync('monitoring/metrics.json', 'utf8')) as
      { name: string; type: string }[] | { metrics: { name: string; type: string }[] };
    const expected = new Map((Array.isArray(listed) ? listed : listed.metrics).map(({ name, type }) => [name, type]));
    const exported = new Map<string, string>();
    for (const app of Object.values(network.apps)) {
      for (const { name, type } of await app.get(Registry, { strict: false }).getMetricsAsJSON())
        exported.set(name, String(type));
    }
    for (const [name, type] of expected) expect([name, exported.get(name)]).toEqual([name, type]);
    const ours = [...exported.keys()].filter((name) => !/^(nodejs_|process_)/.test(name));
    expect(ours.filter((name) => !expected.has(name))).toEqual([]);
  });

  describe('before a Prometheus', () => {
    let prometheus: TestPrometheus;

    beforeAll(async () => {
      const { gateway, post, user } = network.apps;
      // What metrics are about.
      const [ann, bo] = [await signUpTestUser(network, 'ann'), await signUpTestUser(network, 'bo')];
      await follow(bo.client, ann.id);
      await like(bo.client, await postPhoto(ann, 'Measured'));
      await homeFeedIds(bo.client);
      const avatar = await uploadPhoto(ann.client, await drawPhoto({ seed: 1, width: 320, height: 320 }));
      await ann.client.request(
        'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename } }',
        {
          input: { avatarMediaId: avatar },
        },
      );
      // What is measured every minute.
      await Promise.all([post, user].map((app) => app.get(CounterDrift, { strict: false }).measure()));
      await callByGrpc(gateway.get<{ GRPC_PORT: number }>(CONFIG, { strict: false }).GRPC_PORT);
      const targets = Object.values(network.apps).map(
        (app) => new URL(app.get(OperatorServer, { strict: false }).http.listeningOrigin).host,
      );
      prometheus = await startPrometheus(targets);
    }, 60_000);

    afterAll(() => prometheus?.stop());

    /** Those of the queries that bring nothing. */
    const emptyOf = async (queries: [string, string][]): Promise<string[]> => {
      const counts = await Promise.all(queries.map(([, query]) => prometheus.countOf(query)));
      return queries.filter((_, index) => counts[index] === 0).map(([name, query]) => `${name}: ${query}`);
    };

    it('have data for every panel of the dashboards', async () => {
      const folder = 'monitoring/grafana/dashboards';
      const panels = readdirSync(folder).flatMap(
        (name) => (JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as { panels: Panel[] }).panels,
      );
      const queries = panels.flatMap(({ title, targets = [] }) =>
        targets.map(({ expr }): [string, string] => [title, expr]),
      );
      expect(queries.length).toBeGreaterThan(80);
      await eventually(async () => expect(await emptyOf(queries)).toEqual([]));
    });

    it('have data for whatever an alert compares', async () => {
      const { groups } = parse(readFileSync('monitoring/alerts/fowergram.yml', 'utf8')) as {
        groups: { rules: Rule[] }[];
      };
      const rules = groups.flatMap((group) => group.rules);
      const queries = rules.flatMap(({ alert, expr }) =>
        comparedIn(expr).map((part): [string, string] => [alert, part]),
      );
      expect(queries.length).toBeGreaterThan(rules.length);
      await eventually(async () => expect(await emptyOf(queries)).toEqual([]));
    });
  });
});

/** Makes one call, so that there is one to be measured. */
async function callByGrpc(port: number): Promise<void> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const asBytes = (value: Buffer): Buffer => value;
  await new Promise<void>((resolve) => {
    client.makeUnaryRequest('/grpc.health.v1.Health/Check', asBytes, asBytes, Buffer.alloc(0), () => resolve());
  });
  client.close();
}

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

interface Rule {
  alert: string;
  expr: string;
}

describe('.env.example', () => {
  it('names every variable of every process', () => {
    const example = readFileSync('.env.example', 'utf8');
    const names = [userConfig, postConfig, mediaConfig, notificationConfig, gatewayConfig].flatMap(
      (config) => config.names,
    );
    // One file serves all processes: what each of them reads as PORT or DATABASE_URL is set there per service.
    const missing = [...new Set(names)].filter((name) => !new RegExp(`^#? ?(\\w+_)?${name}=`, 'm').test(example));
    expect(missing).toEqual([]);
  });
});
