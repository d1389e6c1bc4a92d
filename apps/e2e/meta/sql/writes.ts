import type { Plan } from './plan.js';

const WRITES = ['ModifyTable', 'LockRows'];

/** Whether a statement changes or locks rows, which a replica refuses. */
export const isWrite = (plan: Plan): boolean => WRITES.includes(plan['Node Type']) || (plan.Plans ?? []).some(isWrite);
