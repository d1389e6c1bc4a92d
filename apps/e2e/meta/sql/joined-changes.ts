import type { Plan } from './plan.js';

/** The parts of a node that give it rows; what is computed once, or looked up for one row, has other names. */
const GIVES_ROWS = ['Outer', 'Inner', 'Subquery', 'Member'];

/**
 * The tables of which a statement updates or deletes rows that it finds by a join. Postgres keeps the plan of a statement: a join
 * that was planned while the tables were small reads one of them, or the whole batch, again for each row of the other, however large
 * both become.
 */
export function joinedChanges(plan: Plan): string[] {
  const isChange = plan['Node Type'] === 'ModifyTable' && plan.Operation !== 'Insert';
  const own = isChange && sourcesOf(plan).some(hasJoin) ? [plan['Relation Name']!] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(joinedChanges)];
}

const sourcesOf = ({ Plans = [] }: Plan): Plan[] =>
  Plans.filter((part) => GIVES_ROWS.includes(part['Parent Relationship'] ?? ''));

const hasJoin = (plan: Plan): boolean =>
  plan['Node Type'] === 'Nested Loop' || plan['Join Type'] !== undefined || sourcesOf(plan).some(hasJoin);
