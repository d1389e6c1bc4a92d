export interface Metric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  labels: string[];
}

/** Words of PromQL that are no metric although no bracket follows them. */
const words = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'and',
  'or',
  'unless',
  'bool',
  'offset',
  'inf',
  'nan',
]);

/** What a target has besides the labels that the service gives. */
const everywhere = ['service', 'instance', 'job'];

/** Metrics of a query that nobody exports, labels that its metrics do not have, and types that do not fit. */
export function queryViolations(query: string, exported: Metric[]): string[] {
  const used = metricsOf(query);
  const known = used.flatMap((name) => find(name, exported) ?? []);
  const allowed = new Set([...everywhere, ...known.flatMap(({ labels }) => labels)]);
  return [
    ...(used.length > 0 ? [] : [`${query}: asks for no metric`]),
    ...used.filter((name) => !find(name, exported)).map((name) => `${query}: nobody exports ${name}`),
    ...labelsOf(query)
      .filter((label) => !allowed.has(label))
      .map((label) => `${query}: its metrics have no label ${label}`),
    ...[...query.matchAll(/\b(?:rate|increase)\(\s*(\w+)/g)]
      .filter(([, name]) => find(name!, exported)?.type === 'gauge')
      .map(([, name]) => `${query}: ${name} is a gauge and has no rate`),
  ];
}

/** Metric names of a PromQL query. */
export function metricsOf(query: string): string[] {
  const bare = strip(query)
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const names = [...bare.matchAll(/(?<![\w$.])([a-zA-Z_:][\w:]*)(?!\s*\()(?![\w:])/g)].map(([, name]) => name!);
  return [...new Set(names.filter((name) => !words.has(name.toLowerCase())))];
}

function labelsOf(query: string): string[] {
  const bare = strip(query);
  const matched = [...bare.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner]) =>
    [...inner!.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
  );
  const grouped = [...bare.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)].flatMap(([, inner]) =>
    inner!.split(',').map((label) => label.trim()),
  );
  return [...new Set([...matched, ...grouped])].filter(Boolean);
}

const strip = (query: string) => query.replace(/"(?:[^"\\]|\\.)*"/g, '""');

function find(name: string, exported: Metric[]): Metric | undefined {
  // Made by Prometheus itself for every target.
  if (name === 'up') return { name, type: 'gauge', labels: [] };
  const series = exported.flatMap((metric) =>
    metric.type === 'histogram'
      ? [
          { ...metric, name: `${metric.name}_bucket`, labels: [...metric.labels, 'le'] },
          { ...metric, name: `${metric.name}_count` },
          { ...metric, name: `${metric.name}_sum` },
        ]
      : [metric],
  );
  return series.find((metric) => metric.name === name);
}
