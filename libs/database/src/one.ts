/** Returns the only row of a statement that always has exactly one; throws when it has none or several. */
export function one<R>(rows: readonly R[]): R {
  if (rows.length !== 1) throw new Error(`A statement that has one row has returned ${rows.length}.`);
  return rows[0] as R;
}
