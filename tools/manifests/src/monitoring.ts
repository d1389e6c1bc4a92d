import type { Manifest } from './files.js';
import { type Metric, queryViolations } from './promql.js';

/** Every query of a Grafana dashboard, with the panel or variable that asks it. */
export function dashboardViolations(dashboard: Manifest, exported: Metric[], sources: string[]): string[] {
  const panels: Manifest[] = dashboard.panels.filter((panel: Manifest) => panel.type !== 'row');
  const ids = dashboard.panels.map((panel: Manifest) => panel.id);
  const variables: string[] = dashboard.templating.list.map((variable: Manifest) => variable.query.query);
  return [
    ...(new Set(ids).size === ids.length ? [] : ['two panels have the same id']),
    ...panels.filter((panel) => panel.targets.length === 0).map((panel) => `${panel.title} asks nothing`),
    ...panels
      .filter((panel) => !sources.includes(panel.datasource?.uid))
      .map((panel) => `${panel.title} asks a source that is not provisioned`),
    ...panels.flatMap((panel) =>
      panel.targets.flatMap(({ expr }: Manifest) =>
        queryViolations(expr, exported).map((violation) => `${panel.title}: ${violation}`),
      ),
    ),
    ...variables.flatMap((query) => queryViolations(/^label_values\((.*), \w+\)$/.exec(query)?.[1] ?? query, exported)),
  ];
}

/** The shape of a rules file and the queries of its alerts. */
export function alertViolations(rules: Manifest, exported: Metric[]): string[] {
  const alerts: Manifest[] = rules.groups.flatMap((group: Manifest) => group.rules);
  const names = alerts.map(({ alert }) => alert as string);
  return [
    ...(rules.groups.every((group: Manifest) => group.name) ? [] : ['a group has no name']),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`),
    ...alerts.flatMap(({ alert, expr, labels, annotations, for: duration, ...rest }) => [
      ...(Object.keys(rest).length === 0 ? [] : [`${alert} has ${Object.keys(rest).join(', ')}`]),
      ...(duration === undefined || /^\d+[smhd]$/.test(duration) ? [] : [`${alert} waits for "${duration}"`]),
      ...(['page', 'ticket'].includes(labels?.severity) ? [] : [`${alert} has no severity`]),
      ...(annotations?.summary && annotations?.action ? [] : [`${alert} does not say what to do`]),
      ...(annotations?.runbook_url === runbookOf(alert) ? [] : [`${alert} does not name ${runbookOf(alert)}`]),
      ...queryViolations(expr, exported).map((violation) => `${alert}: ${violation}`),
    ]),
  ];
}

/** Where the runbook of an alert is: OutboxStuck has outbox-stuck.md. */
export const runbookOf = (alert: string): string =>
  `docs/runbooks/${alert.replaceAll(/(?<=.)(?=[A-Z])/g, '-').toLowerCase()}.md`;

/** The scrape configuration reaches every process at its port. */
export function scrapeViolations(config: Manifest, targets: string[]): string[] {
  const scraped: string[] = config.scrape_configs.flatMap((job: Manifest) =>
    job.static_configs.flatMap((group: Manifest) => group.targets),
  );
  return [
    ...targets.filter((target) => !scraped.includes(target)).map((target) => `${target} is not scraped`),
    ...scraped
      .filter((target) => !targets.includes(target))
      .map((target) => `${target} is scraped and is none of ours`),
  ];
}
