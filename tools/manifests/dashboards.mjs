// Writes the dashboards of Grafana from monitoring/grafana/dashboards.yml; --check fails where one is not fresh.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'monitoring/grafana/dashboards');
const SOURCE = { type: 'prometheus', uid: 'prometheus' };
const COLUMNS = 24;
const HEIGHT = { stat: 4, timeseries: 8 };

/** The files of all dashboards, by name. */
export async function dashboardFiles() {
  const { dashboards, services, ofService } = parse(
    readFileSync(join(root, 'monitoring/grafana/dashboards.yml'), 'utf8'),
  );
  const style = { ...(await resolveConfig(join(folder, 'any.json'))), parser: 'json' };
  const all = [
    ...dashboards,
    ...Object.entries(services).map(([service, rows]) => ({
      name: service,
      title: `Service ${service}`,
      rows: JSON.parse(JSON.stringify([...rows, ...rowsOf(service, ofService)]).replaceAll('$service', service)),
    })),
  ];
  const files = all.map(async (given) => [`${given.name}.json`, await format(JSON.stringify(dashboard(given)), style)]);
  return Object.fromEntries(await Promise.all(files));
}

/** The rows that have something of this service. */
function rowsOf(service, rows) {
  return rows
    .map(({ title, panels }) => ({ title, panels: panels.filter(({ except = [] }) => !except.includes(service)) }))
    .filter(({ panels }) => panels.length > 0);
}

function dashboard({ name, title, rows }) {
  return {
    uid: `fowergram-${name}`,
    title,
    tags: ['fowergram'],
    timezone: 'browser',
    schemaVersion: 39,
    version: 1,
    refresh: '10s',
    editable: true,
    time: { from: 'now-30m', to: 'now' },
    graphTooltip: 1,
    annotations: { list: [] },
    templating: { list: [] },
    panels: panelsOf(rows),
  };
}

/** The panels of a row share its width, at most four beside each other. */
function panelsOf(rows) {
  const laid = [];
  let y = 0;
  for (const { title, panels } of rows) {
    laid.push({ type: 'row', title, collapsed: false, gridPos: { h: 1, w: COLUMNS, x: 0, y: y++ }, panels: [] });
    const lines = Math.ceil(panels.length / 4);
    const perLine = Math.ceil(panels.length / lines);
    for (let first = 0; first < panels.length; first += perLine) {
      const line = panels.slice(first, first + perLine);
      const h = Math.max(...line.map(({ type = 'timeseries' }) => HEIGHT[type]));
      const w = COLUMNS / perLine;
      line.forEach((each, index) => laid.push(panel(each, { h, w: Math.floor(w), x: Math.floor(index * w), y })));
      y += h;
    }
  }
  return laid.map((each, index) => ({ id: index + 1, ...each }));
}

function panel({ title, says, type = 'timeseries', unit, queries }, gridPos) {
  return {
    type,
    title,
    description: says,
    datasource: SOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: type === 'stat' ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value' } : LINES,
    targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: SOURCE,
      expr,
      legendFormat,
    })),
  };
}

const LINES = {
  legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
  tooltip: { mode: 'multi', sort: 'desc' },
};

/** The names of the files that are not as the source has them. */
export async function staleDashboards() {
  const files = await dashboardFiles();
  const there = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  return Object.keys({ ...files, ...there }).filter((name) => there[name] !== files[name]);
}

if (process.argv[1] === import.meta.filename) {
  if (!process.argv.includes('--check'))
    for (const [name, text] of Object.entries(await dashboardFiles())) writeFileSync(join(folder, name), text);
  const stale = await staleDashboards();
  if (stale.length > 0) console.error(`Not as node tools/manifests/dashboards.mjs writes them: ${stale.join(', ')}`);
  process.exitCode = stale.length > 0 ? 1 : 0;
}
