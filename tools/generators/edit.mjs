import { generateFiles, OverwriteStrategy } from '@nx/devkit';

/** Writes the templates of a generator; a file that exists stops it before anything is written. */
export const write = (tree, templates, variables) =>
  generateFiles(tree, templates, '.', variables, { overwriteStrategy: OverwriteStrategy.ThrowIfExisting });

/** Changes the text of a file that exists; a place that is not found stops the generator before anything is written. */
export function edit(tree, file, change) {
  const text = tree.read(file, 'utf8');
  if (text === null) throw new Error(`${file} does not exist.`);
  const changed = change(text);
  if (changed === text)
    throw new Error(`${file} has no place for the new code. Add it by hand, or mend tools/generators.`);
  tree.write(file, changed);
}

/** Adds an import of a file nearby in the order of their paths, where the others are in it. */
export const addImport = (line) => (text) => {
  const imports = [...text.matchAll(/^import [^;]*;\n/gm)];
  const pathOf = (statement) => /from '([^']*)';/.exec(statement)?.[1] ?? '';
  const behind = imports.find(([statement]) => pathOf(statement).startsWith('./') && pathOf(statement) > pathOf(line));
  const last = imports.at(-1);
  const at = behind ? behind.index : last ? last.index + last[0].length : 0;
  return `${text.slice(0, at)}${line}\n${text.slice(at)}`;
};

/** Adds an entry as the last one of the first `<key>: [ … ]` of a file; brackets inside the list are counted. */
export const addToList = (key, entry) => (text) => {
  const start = new RegExp(`\\b${key}(: [^=\\n]*=|:| =) \\[`).exec(text);
  if (!start) return text;
  let depth = 0;
  for (let at = start.index + start[0].length - 1; at < text.length; at++) {
    if (text[at] === '[') depth++;
    if (text[at] === ']' && --depth === 0) {
      const before = text.slice(0, at).trimEnd();
      return `${before}${/[[,]$/.test(before) ? '' : ','} ${entry}${text.slice(at)}`;
    }
  }
  return text;
};

/** Adds an entry as the last one of `export const <name> = { … };`, with or without a type. */
export const addToObject = (name, entry) => (text) => {
  const start = text.search(new RegExp(`^export const ${name}(: [^=\\n]*)? = \\{`, 'm'));
  const end = start < 0 ? -1 : text.indexOf('\n};', start);
  return end < 0 ? text : `${text.slice(0, end)}\n  ${entry},${text.slice(end)}`;
};

/** Adds lines after the last one that begins like this. */
export const addAfterLast = (beginning, lines) => (text) => {
  const at = text.lastIndexOf(`\n${beginning}`);
  const end = at < 0 ? -1 : text.indexOf('\n', at + 1);
  return end < 0 ? text : `${text.slice(0, end)}\n${lines}${text.slice(end)}`;
};

/** Makes a list of modules, controllers or providers grow by one, importing what it names. */
export const register = (key, name, from) => (text) =>
  addToList(key, name)(addImport(`import { ${name} } from '${from}';`)(text));
