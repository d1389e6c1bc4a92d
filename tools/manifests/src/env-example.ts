export interface EnvExample {
  /** Set lines: what .env will hold. */
  values: Record<string, string>;
  /** Every explained name, also those that are only commented examples. */
  names: string[];
  /** Set, and empty: compose must refuse to start until they are filled. */
  secrets: string[];
  /** Set without a comment in their group. */
  unexplained: string[];
}

/** Reads .env.example; a comment explains every line up to the next empty one. */
export function parseEnvExample(text: string): EnvExample {
  const values: Record<string, string> = {};
  const names: string[] = [];
  const unexplained: string[] = [];
  let explained = false;
  for (const line of text.split('\n')) {
    const [, hash, name, value] = /^(# )?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name && !hash) {
      if (name in values) throw new Error(`${name} is set twice in .env.example`);
      values[name] = value!;
      if (!explained) unexplained.push(name);
    }
    if (name) names.push(name);
    else explained = line.startsWith('#') && !line.startsWith('# ---') ? true : line === '' ? false : explained;
  }
  return { values, names, secrets: Object.keys(values).filter((name) => values[name] === ''), unexplained };
}

/** Every `${NAME…}` of a compose file with what follows the name: `:?message`, `:-default` or nothing. */
export function variablesOf(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name, form] of text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)([^}]*)\}/g))
    found.set(name!, [...(found.get(name!) ?? []), form!]);
  return found;
}
