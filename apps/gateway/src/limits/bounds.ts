/** A number that bounds something, and why it is this one; docs/limits.md shows both. */
export interface Bound {
  value: number;
  because: string;
}

/** The numbers alone, under their names. */
export function valuesOf<N extends string>(bounds: Record<N, Bound>): Readonly<Record<N, number>> {
  const values = Object.entries<Bound>(bounds).map(([name, { value }]) => [name, value]);
  return Object.fromEntries(values) as Record<N, number>;
}
