/**
 * The batched look-ups of one operation. A feature declares its own in its *.loaders.ts by declaration merging, and
 * src/loaders.ts puts them together, so that this folder knows no feature.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Loaders {}
