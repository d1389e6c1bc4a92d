import { split } from './select-list.js';

/** A node of what `explain (verbose, format json)` shows. */
export interface Plan {
  'Node Type': string;
  Operation?: string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Join Type'?: string;
  'Parent Relationship'?: string;
  'Subplan Name'?: string;
  Output?: string[];
  Plans?: Plan[];
  Filter?: string;
  'Join Filter'?: string;
  'Hash Cond'?: string;
  'Merge Cond'?: string;
}

const NULLABLE_SIDES: Record<string, string[]> = { Left: ['Inner'], Right: ['Outer'], Full: ['Inner', 'Outer'] };

/**
 * Says of an output of a statement whether an outer join may have left it null; undefined where a join inside of a subquery, whose
 * outputs have other names, leaves that open. The plan knows more than the text: an outer join that a condition makes an inner one is one.
 */
export function nullableOutputs(plan: Plan): (output: string | undefined) => boolean | undefined {
  const joined = outerJoined(plan, false);
  const names = new Set(joined.filter(({ isHidden }) => !isHidden).flatMap(({ side }) => side.Output ?? []));
  const isOpen = joined.some(({ isHidden }) => isHidden);
  return (output) => (output !== undefined && names.has(output)) || (isOpen ? undefined : false);
}

/** The sides of outer joins from which a row may be missing. */
function outerJoined(plan: Plan, isHidden: boolean): { side: Plan; isHidden: boolean }[] {
  const sides = NULLABLE_SIDES[plan['Join Type'] ?? ''] ?? [];
  return (plan.Plans ?? []).flatMap((side) => {
    const below = isHidden || plan['Node Type'] === 'Subquery Scan' || (side['Subplan Name'] ?? '').startsWith('CTE ');
    const isNullable = sides.includes(side['Parent Relationship'] ?? '');
    return [...(isNullable ? [{ side, isHidden: below }] : []), ...outerJoined(side, below)];
  });
}

/** Says whether a condition keeps out the rows in which this output of a query is null, as `is not null` and comparisons do. */
export function excludesNull(plan: Plan): (output: string | undefined) => boolean {
  // An update or insert returns what it has written, which is not what its conditions have read.
  const conditions = plan['Node Type'] === 'ModifyTable' ? [] : conditionsOf(plan);
  return (output) => {
    if (output === undefined) return false;
    // The outputs of a statement on one table stand there without its name.
    const own = output.includes('.') ? conditions : conditions.map((condition) => condition.replace(/\b\w+\./g, ''));
    return own.some((condition) => {
      const rest = condition.startsWith(`${output} `) ? condition.slice(output.length + 1) : '';
      return condition.endsWith(` = ${output}`) || /^(IS NOT NULL|[<>]=?|=|<>)/.test(rest);
    });
  };
}

function conditionsOf(plan: Plan): string[] {
  const isOuter = NULLABLE_SIDES[plan['Join Type'] ?? ''] !== undefined;
  const own = isOuter ? [] : [plan.Filter, plan['Join Filter'], plan['Hash Cond'], plan['Merge Cond']];
  const parts = own.flatMap((condition) => (condition ? split(inner(condition), / AND /g).map(inner) : []));
  return [...parts, ...(plan.Plans ?? []).flatMap(conditionsOf)];
}

const inner = (condition: string): string => condition.replace(/^\((.*)\)$/s, '$1');
