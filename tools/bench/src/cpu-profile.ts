/** What V8's profiler writes, as far as we read it. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** The functions that spend most time themselves, as lines of share, name and location; idle time counts for nobody. */
export function hottest({ nodes, samples, timeDeltas }: CpuProfile, count: number): string[] {
  const locations = new Map(nodes.map(({ id, callFrame }) => [id, locationOf(callFrame)]));
  const selfTime = new Map<string, number>();
  let busy = 0;
  for (const [index, node] of samples.entries()) {
    const location = locations.get(node)!;
    if (location.startsWith('(idle)')) continue;
    busy += timeDeltas[index]!;
    selfTime.set(location, (selfTime.get(location) ?? 0) + timeDeltas[index]!);
  }
  return [...selfTime]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([location, time]) => `${((time * 100) / busy).toFixed(1).padStart(5)} %  ${location}`);
}

function locationOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const file = url.replace(/^.*\/(node_modules|dist)\//, '');
  return `${functionName || '(anonymous)'}${file ? `  ${file}:${lineNumber + 1}` : ''}`;
}
