import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { staleDashboards } from '../dashboards.mjs';
import { type Manifest, parseYaml, readText, root } from '../src/files.js';
import { alertViolations, dashboardViolations, scrapeViolations } from '../src/monitoring.js';
import { operatorPort, services } from '../src/processes.js';
import { type Metric, metricsOf, queryViolations } from '../src/promql.js';

const exported = JSON.parse(readText('monitoring/metrics.json')) as Metric[];
const dashboards = readdirSync(join(root, 'monitoring/grafana/dashboards')).map(
  (name) => JSON.parse(readText(`monitoring/grafana/dashboards/${name}`)) as Manifest,
);
const overview = dashboards.find(({ uid }) => uid === 'fowergram-overview')!;
const alerts = parseYaml(readText('monitoring/alerts/fowergram.yml'));
const scrapes = parseYaml(readText('monitoring/prometheus/prometheus.yml'));
const sources = parseYaml(readText('monitoring/grafana/provisioning/datasources/fowergram.yml')).datasources.map(
  ({ uid }: Manifest) => uid as string,
);
const targets = services.map((name) => `${name}:${operatorPort}`);

describe('monitoring', () => {
  it('scrapes the five processes', () => {
    expect(scrapeViolations(scrapes, targets)).toEqual([]);
    expect(scrapeViolations(scrapes, [...targets, 'search:9090'])).toEqual(['search:9090 is not scraped']);
    expect(scrapeViolations(scrapes, targets.slice(1))).toEqual(['gateway:9090 is scraped and is none of ours']);
  });

  it('shows on the dashboards only what is exported', () => {
    expect(dashboards.flatMap((dashboard) => dashboardViolations(dashboard, exported, sources))).toEqual([]);
  });

  it('has a dashboard of each service, of the stores, of what is live and of the objectives, as their source has them', async () => {
    expect(dashboards.map(({ uid }) => uid as string).sort()).toEqual(
      ['overview', 'realtime', 'stores', ...services].map((name) => `fowergram-${name}`).sort(),
    );
    expect(await staleDashboards()).toEqual([]);
  });

  it('alerts only on what is exported, and says what to do', () => {
    expect(alertViolations(alerts, exported)).toEqual([]);
  });

  it.each(exported.filter(({ name }) => !/^(process|nodejs)_/.test(name)).map(({ name }) => name))(
    'is checked: %s is missed where it is gone',
    (gone) => {
      const rest = exported.filter(({ name }) => name !== gone);
      const violations = dashboards.flatMap((dashboard) => dashboardViolations(dashboard, rest, sources));
      expect([...violations, ...alertViolations(alerts, rest)].join('\n')).toContain(`nobody exports ${gone}`);
    },
  );

  it.each<[string, (copy: Manifest) => void, RegExp]>([
    ['a panel that asks nothing', (copy) => (copy.panels[1].targets = []), /asks nothing/],
    ['a panel of another source', (copy) => (copy.panels[1].datasource.uid = 'loki'), /not provisioned/],
    ['a panel copied with its id', (copy) => copy.panels.push(copy.panels[1]), /same id/],
    [
      'a variable of an unknown metric',
      (copy) => copy.templating.list.push({ query: { query: 'label_values(node_load1, service)' } }),
      /node_load1/,
    ],
  ])('is checked: %s is noticed', (_, change, violation) => {
    const copy = structuredClone(overview);
    change(copy);
    expect(dashboardViolations(copy, exported, sources).join('\n')).toMatch(violation);
  });

  it.each<[string, (rule: Manifest) => void, RegExp]>([
    ['an alert that does not help', (rule) => delete rule.annotations.action, /what to do/],
    [
      'an alert that names the runbook of another',
      (rule) => (rule.annotations.runbook_url = 'docs/runbooks/outbox-stuck.md'),
      /does not name/,
    ],
    ['an alert without severity', (rule) => delete rule.labels, /severity/],
    ['a duration that is none', (rule) => (rule.for = 'five minutes'), /waits for/],
    ['a misspelt key', (rule) => (rule.expression = 'up'), /has expression/],
    ['an alert there twice', (rule) => (rule.alert = 'OutboxStuck'), /twice/],
  ])('is checked: %s is noticed', (_, change, violation) => {
    const copy = structuredClone(alerts);
    change(copy.groups[0].rules[0]);
    expect(alertViolations(copy, exported).join('\n')).toMatch(violation);
  });

  it.each<[string, RegExp]>([
    ['rate(process_resident_memory_bytes[5m])', /has no rate/],
    ['sum by (queue) (outbox_published_total)', /no label queue/],
    ['rate(rpc_server_duration_seconds_count{method="GET"}[5m])', /no label method/],
    ['http_request_duration_seconds', /nobody exports http_request_duration_seconds/],
    ['vector(1)', /no metric/],
  ])('is checked: %s is refused', (query, violation) => {
    expect(queryViolations(query, exported).join('\n')).toMatch(violation);
  });

  it('is described in docs/observability.md: every metric with its labels and the alerts that look at it', () => {
    const rules: Manifest[] = alerts.groups.flatMap((group: Manifest) => group.rules);
    const looking = (name: string) => {
      const series = [name, `${name}_count`, `${name}_sum`, `${name}_bucket`];
      return rules.filter(({ expr }) => metricsOf(expr).some((metric) => series.includes(metric)));
    };
    const expected = exported
      .filter(({ name }) => !/^(process|nodejs)_/.test(name))
      .map(({ name, labels }) => [
        name,
        labels.join(' '),
        looking(name)
          .map(({ alert }) => alert)
          .join(' '),
      ]);
    const rows = readText('docs/observability.md').matchAll(/^\| `(\w+)` \| (.*?) ?\| .* \| (.*?) ?\|$/gm);
    const words = (cell: string) => cell.replaceAll(/[`,]/g, '');
    const metrics = [...rows].map(([, name, labels, alert]) => [name, words(labels!), words(alert!)]);
    expect(metrics.sort()).toEqual(expected.sort());
  });

  it('notices a service of which nothing is scraped, each of them', () => {
    const rules: Manifest[] = alerts.groups.flatMap((group: Manifest) => group.rules);
    const { expr } = rules.find(({ alert }) => alert === 'ServiceVanished')!;
    const named = [...(expr as string).matchAll(/absent\(\w+\{service="(\w+)"\}\)/g)].map(([, name]) => name);
    expect(named.sort()).toEqual([...services].sort());
  });

  it('notifies somebody of an alert of each severity, through the Alertmanager of docker compose', () => {
    const { route, receivers } = parseYaml(readText('monitoring/alertmanager/alertmanager.yml'));
    const notified = receivers.filter((receiver: Manifest) => receiver.email_configs).map(({ name }: Manifest) => name);
    expect(notified).toEqual(
      expect.arrayContaining([route.receiver, ...route.routes.map((each: Manifest) => each.receiver)]),
    );
    expect(route.routes[0].matchers).toEqual(['severity = "page"']);
    const [{ targets: managers }] = scrapes.alerting.alertmanagers[0].static_configs;
    const compose = parseYaml(readText('docker-compose.yml'));
    expect(managers.map((target: string) => target.split(':')[0])).toEqual(
      Object.keys(compose.services).filter((name) => name === 'alertmanager'),
    );
  });

  it('finds the metrics of a query', () => {
    expect(
      metricsOf(
        'sum by (le, a) (rate(one_total{b=~"two|{three}"}[5m] offset 1h)) / on (a) group_left (c) max(four:five) > 1e3 and six unless seven',
      ),
    ).toEqual(['one_total', 'four:five', 'six', 'seven']);
  });

  it('lists the Node metrics that the metrics library really makes', async () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const made = (await registry.getMetricsAsJSON()).map(({ name, type }) => `${type} ${name}`);
    registry.clear();
    const listed = exported
      .filter(({ name }) => /^(process|nodejs)_/.test(name))
      .map(({ name, type }) => `${type} ${name}`);
    expect(listed).toEqual(expect.arrayContaining(made));
    // Other systems have no count of descriptors.
    if (process.platform === 'linux') expect(made).toEqual(expect.arrayContaining(listed));
  });

  describe('as promtool reads it', () => {
    const program = join(dirname(process.env.PROMETHEUS!), 'promtool');
    const promtool = (...args: string[]) => spawnSync(program, args, { cwd: root }).status;
    const folder = mkdtempSync(join(tmpdir(), 'fowergram-rules-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('is a configuration with rules, of which a broken one is noticed', () => {
      const broken = join(folder, 'broken.yml');
      writeFileSync(broken, readText('monitoring/alerts/fowergram.yml').replace('> 0.01', '> 0.01)'));
      expect(promtool('check', 'config', 'monitoring/prometheus/prometheus.yml')).toBe(0);
      expect(promtool('check', 'rules', 'monitoring/alerts/fowergram.yml')).toBe(0);
      expect(promtool('check', 'rules', broken)).not.toBe(0);
    });

    it('alerts where it has to and nowhere else; an alert that would not come is noticed', () => {
      const tests = 'monitoring/alert-tests/fowergram.yml';
      expect(promtool('test', 'rules', tests)).toBe(0);
      const rules = join(folder, 'deaf.yml');
      const alone = join(folder, 'tests.yml');
      writeFileSync(rules, readText('monitoring/alerts/fowergram.yml').replaceAll('INTERNAL|UNAVAILABLE', 'INTERNAL'));
      writeFileSync(alone, readText(tests).replace('../alerts/fowergram.yml', rules));
      expect(promtool('test', 'rules', alone)).not.toBe(0);
    });
  });
});
