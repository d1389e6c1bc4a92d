/**
 * An SQL expression for a subquery: a parameter, or a column with its table or alias in front of it. A bare name could be a column of
 * the table in the subquery, and the condition would compare that table with itself.
 */
export type Qualified = `$${number}` | `$${number}::${string}` | `${string}.${string}`;
