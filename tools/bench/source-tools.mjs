// A module hook. Compiled code stands in dist/, the tools that are plain JavaScript do not: their imports lead back to the tree.
const compiled = new URL('../../dist/tools/', import.meta.url).href;
const tools = new URL('../', import.meta.url).href;

export function resolve(specifier, context, next) {
  if (!specifier.startsWith('.') || !specifier.endsWith('.mjs') || !context.parentURL) return next(specifier, context);
  return next(new URL(specifier, context.parentURL).href.replace(compiled, tools), context);
}
