/** An expression of a select or returning list, without its alias. */
export interface Item {
  expression: string;
  /** Its aggregates see all rows at once, also when there is none. */
  isGrouped: boolean;
}

/** What a statement returns, as it is written; empty for a union, where each branch says something else. */
export function selectList(sql: string): Item[] {
  const outline = outlineOf(sql);
  const start = [...outline.matchAll(/\b(select|returning)\b/gi)].at(-1);
  if (!start || /\bunion\b/i.test(outline)) return [];
  const from = start.index + start[0].length;
  const length = outline.slice(from).search(/\b(from|where|order|limit|for)\b|$/i);
  const isGrouped = /\bgroup by\b/i.test(outline.slice(from));
  return split(sql.slice(from, from + length), /,/g).map((item) => ({
    expression: item.replace(/\s+as\s+("\w+"|\w+)$/i, ''),
    isGrouped,
  }));
}

/** Whether an expression can be null, where its form says so. */
export function canBeNull({ expression, isGrouped }: Item): boolean | undefined {
  if (split(expression, /\b(?:and|or)\b/gi).every(isNeverNull)) return false;
  if (/^coalesce\(/i.test(expression)) return undefined;
  const [inner] = /^\(\s*select\b/i.test(expression) ? selectList(expression.slice(1, -1)) : [];
  if (inner)
    return canBeNull(inner) === false && /^(count|coalesce|exists|not exists)\b/i.test(inner.expression)
      ? undefined
      : true;
  return !isGrouped && /\b(min|max|sum|avg|bool_or|bool_and|array_agg)\(/i.test(expression) ? true : undefined;
}

const LITERAL = /^('[^']*'|-?\d+(\.\d+)?|true|false)$/i;
const NEVER_NULL =
  /^(count|nextval|now|clock_timestamp|gen_random_uuid) ?\(|^(not )?exists ?\(|\bis (not )?(null|true|false)$/i;

function isNeverNull(expression: string): boolean {
  const plain = expression.replace(/(::[\w ]+(\(\d+\))?(\[\])?)+$/, '');
  const [, defaults] = /^coalesce\((.*)\)$/is.exec(plain) ?? [];
  return (
    LITERAL.test(plain) ||
    NEVER_NULL.test(plain) ||
    (defaults !== undefined && isNeverNull(split(defaults, /,/g).at(-1)!))
  );
}

/** The parts between separators that stand in no parentheses and no quotes. */
export function split(sql: string, separator: RegExp): string[] {
  const cuts = [...outlineOf(sql).matchAll(separator)];
  const starts = [0, ...cuts.map((cut) => cut.index + cut[0].length)];
  return starts.map((start, index) => sql.slice(start, cuts[index]?.index).trim());
}

/** The text with blanks in place of all that stands in parentheses or quotes. */
function outlineOf(sql: string): string {
  let depth = 0;
  return sql.replace(/'[^']*'|"[^"]*"|[^]/g, (part) => {
    if (part === ')') depth -= 1;
    const isInside = depth > 0 || part.length > 1;
    if (part === '(') depth += 1;
    return isInside ? '_'.repeat(part.length) : part;
  });
}
