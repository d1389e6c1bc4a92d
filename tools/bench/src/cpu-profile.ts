/** What V8's profiler writes, as far as we read it. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** The functions that spend most time themselves, as lines of share, name and place; idle time counts for nobody. */
export function hottest({ nodes, samples, timeDeltas }: CpuProfile, count: number): string[] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const selfTime = new Map<string, number>();
  let busy = 0;
  for (const [index, node] of samples.entries()) {
    const place = places.get(node)!;
    if (place.startsWith('(idle)')) continue;
    busy += timeDeltas[index]!;
    selfTime.set(place, (selfTime.get(place) ?? 0) + timeDeltas[index]!);
  }
  return [...selfTime]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([place, time]) => `${((time * 100) / busy).toFixed(1).padStart(5)} %  ${place}`);
}

function placeOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const file = url.replace(/^.*\/(node_modules|dist)\//, '');
  return `${functionName || '(anonymous)'}${file ? `  ${file}:${lineNumber + 1}` : ''}`;
}
