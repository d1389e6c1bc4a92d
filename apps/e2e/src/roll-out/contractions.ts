/** How a migration says that the last release can live with what it takes away. */
const EXCUSE = /^-- contracts: \S.{20,}$/m;

/** What the program of the release before may still use, or would not give. */
const CONTRACTIONS: readonly [RegExp, string][] = [
  [/\bdrop\s+(table|column|view|function|type)\b/i, 'drops something'],
  [/\brename\b/i, 'renames something'],
  [/\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b/i, 'changes a type'],
  [/\bset\s+not\s+null\b/i, 'demands a value'],
  [/\badd\s+column\b(?![^,;]*\bdefault\b)[^,;]*\bnot\s+null\b/i, 'demands a value of a new column'],
];

/** What a migration does that only works when the release before it has stopped; nothing where it says why that is well. */
export function contractions(migration: string): string[] {
  const [, up = ''] = /-- migrate:up[^\n]*\n([\s\S]*?)(?=-- migrate:down|$)/.exec(migration) ?? [];
  if (EXCUSE.test(up)) return [];
  const statements = up.replace(/--.*$/gm, '');
  return CONTRACTIONS.filter(([pattern]) => pattern.test(statements)).map(([, what]) => what);
}
