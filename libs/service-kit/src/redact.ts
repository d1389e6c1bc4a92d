/** Fields that hold what opens something, whatever object they are in. */
const SECRET = /passw(or)?d|token|secret|authorization|cookie|api-?key|^key$|private-?key/i;
const HIDDEN = '[hidden]';
/** Deeper than anything that is logged on purpose; what lies below is left out. */
const MAX_DEPTH = 8;
/** Longer than a stack with its causes, and short enough to be looked through. */
const MAX_TEXT = 16_000;
/** Addresses with a user and its password, session tokens, and mail addresses: stores and libraries put them into messages. */
const IN_TEXT: [RegExp, string][] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s/@]+@[^\s"']+/gi, '[address]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, HIDDEN],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/[^\s@"'<>()[\]{}:,;]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi, '[mail]'],
];

/** What may be written of a value: nothing that opens something or says who somebody is, at any depth. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((each) => redact(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, SECRET.test(name) ? HIDDEN : redact(each, depth + 1)]),
  );
}

/** The same of a text. */
export const redactText = (text: string): string =>
  IN_TEXT.reduce((rest, [pattern, shown]) => rest.replace(pattern, shown), text.slice(0, MAX_TEXT));

/** Errors have a serializer of their own, which comes here with their fields; a date or a buffer writes itself. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
