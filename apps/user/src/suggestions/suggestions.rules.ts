import { decodeScoped, encodeScoped } from '@fowergram/contracts-core';

/** Somebody to follow, whom so many follow of those whom the viewer follows. */
export interface Suggestion {
  id: string;
  overlap: number;
}

const FORM = /^(\d{1,9}):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** What nobody comes before. */
export const BEFORE_ALL: Suggestion = { overlap: 999_999_999, id: '00000000-0000-0000-0000-000000000000' };

const scopeOf = (viewerId: string): string => `suggestions:${viewerId}`;

/** The cursor of a suggestion; it is good for the same viewer only. */
export const encodeSuggestion = (viewerId: string, { id, overlap }: Suggestion): string =>
  encodeScoped(scopeOf(viewerId), `${overlap}:${id}`);

/** Throws BAD_USER_INPUT at `after` for a cursor of another list or viewer. */
export function decodeSuggestion(viewerId: string, cursor: string): Suggestion {
  const [, overlap, id] = decodeScoped(scopeOf(viewerId), cursor, FORM);
  return { overlap: Number(overlap), id: id! };
}
