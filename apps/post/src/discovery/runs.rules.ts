/** Leaves of several in a row by one author the first; `before` is whose is in front of the first one. */
export const firstOfRuns = <T>(items: T[], authorOf: (item: T) => string, before: string | undefined): T[] =>
  items.filter((item, index) => authorOf(item) !== (index === 0 ? before : authorOf(items[index - 1]!)));
