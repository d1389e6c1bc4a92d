/** The status that is in force now, of a profile `p`: a suspension that has run out is over, also before the sweep has found it. */
export const STATUS_NOW = `case
  when p.status <> 'SUSPENDED' or p.suspended_until > now() then p.status
  when p.dormant then 'DEACTIVATED'
  else 'ACTIVE' end`;

/** True for a profile `p` that others may see. */
export const IS_ACTIVE = `(p.status = 'ACTIVE' or (p.status = 'SUSPENDED' and p.suspended_until <= now() and not p.dormant))`;

/** True for a user in this column whom others may see. A look-up by key for each row: as a join, the planner may read every profile for one page. */
export const isActive = (column: string): string =>
  `(select ${IS_ACTIVE} from profile p where p.id = ${column} limit 1)`;
