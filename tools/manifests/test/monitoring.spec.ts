import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { type Manifest, parseYaml, readText, root } from '../src/files.js';
import { alertViolations, dashboardViolations, scrapeViolations } from '../src/monitoring.js';
import { operatorPort, services } from '../src/processes.js';
import { type Metric, metricsOf, queryViolations } from '../src/promql.js';

const exported = JSON.parse(readText('monitoring/metrics.json')) as Metric[];
const dashboard = JSON.parse(readText('monitoring/grafana/dashboards/fowergram.json')) as Manifest;
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

  it('shows on the dashboard only what is exported', () => {
    expect(dashboardViolations(dashboard, exported, sources)).toEqual([]);
  });

  it('alerts only on what is exported, and says what to do', () => {
    expect(alertViolations(alerts, exported)).toEqual([]);
  });

  it.each(exported.filter(({ name }) => !/^(process|nodejs)_/.test(name)).map(({ name }) => name))(
    'is checked: %s is missed where it is gone',
    (gone) => {
      const rest = exported.filter(({ name }) => name !== gone);
      expect([...dashboardViolations(dashboard, rest, sources), ...alertViolations(alerts, rest)].join('\n')).toContain(
        `nobody exports ${gone}`,
      );
    },
  );

  it.each<[string, (copy: Manifest) => void, RegExp]>([
    ['a panel that asks nothing', (copy) => (copy.panels[1].targets = []), /asks nothing/],
    ['a panel of another source', (copy) => (copy.panels[1].datasource.uid = 'loki'), /not provisioned/],
    ['a panel copied with its id', (copy) => copy.panels.push(copy.panels[1]), /same id/],
    [
      'a variable of an unknown metric',
      (copy) => (copy.templating.list[0].query.query = 'label_values(node_load1, service)'),
      /node_load1/,
    ],
  ])('is checked: %s is noticed', (_, change, violation) => {
    const copy = structuredClone(dashboard);
    change(copy);
    expect(dashboardViolations(copy, exported, sources).join('\n')).toMatch(violation);
  });

  it.each<[string, (rule: Manifest) => void, RegExp]>([
    ['an alert that does not help', (rule) => delete rule.annotations.action, /what to do/],
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

  const promtool = spawnSync('promtool', ['--version']).status === 0;
  (promtool ? it : it.skip)('passes promtool', () => {
    const check = (...args: string[]) => spawnSync('promtool', ['check', ...args], { encoding: 'utf8' }).status;
    const folder = mkdtempSync(join(tmpdir(), 'fowergram-rules-'));
    const broken = join(folder, 'broken.yml');
    writeFileSync(broken, readText('monitoring/alerts/fowergram.yml').replace('> 0.01', '> 0.01)'));
    expect(check('config', join(root, 'monitoring/prometheus/prometheus.yml'))).toBe(0);
    expect(check('rules', join(root, 'monitoring/alerts/fowergram.yml'))).toBe(0);
    expect(check('rules', broken)).not.toBe(0);
    rmSync(folder, { recursive: true });
  });
});
