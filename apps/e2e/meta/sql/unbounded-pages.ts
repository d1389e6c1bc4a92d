import type { Plan } from './plan.js';

/** What reads all that it is given before it hands on the first row. */
const READS_ALL = ['Sort', 'Aggregate', 'Hash', 'Materialize', 'SetOp', 'Unique'];

/**
 * The indexes that a page of a list reads on from its position until it is full, leaving out rows on the way: how many these are is
 * bounded by nothing. Between what leaves out rows and such an index there has to be a limit (ADR 45).
 */
export function unboundedPages(plan: Plan, isLimited = false, leavesOut = false): string[] {
  const isPosition = plan['Index Cond']?.includes('ROW(') ?? false;
  const own = isPosition && isLimited && (leavesOut || plan.Filter !== undefined) ? [plan['Index Name']!] : [];
  const isLimit = plan['Node Type'] === 'Limit';
  return [
    ...own,
    ...(plan.Plans ?? []).flatMap((part) => {
      // What is looked up for each row has limits of its own.
      if (!HANDED_ON.includes(part['Parent Relationship'] ?? '')) return unboundedPages(part);
      return unboundedPages(part, isLimited || isLimit, !isLimit && (leavesOut || mayLeaveOut(plan)));
    }),
  ];
}

const HANDED_ON = ['Outer', 'Subquery', 'Member'];

const mayLeaveOut = (plan: Plan): boolean =>
  plan.Filter !== undefined ||
  plan['Join Filter'] !== undefined ||
  READS_ALL.includes(plan['Node Type']) ||
  ['Inner', 'Semi', 'Anti'].includes(plan['Join Type'] ?? '');
