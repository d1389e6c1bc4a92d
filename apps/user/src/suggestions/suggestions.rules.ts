import { idPart, keyset, numberPart } from '@fowergram/contracts-core';

/** Somebody to follow, whom so many follow of those whom the viewer follows. */
export interface Suggestion {
  id: string;
  overlap: number;
}

/** What nobody comes before. */
export const BEFORE_ALL: Suggestion = { overlap: 999_999_999, id: '00000000-0000-0000-0000-000000000000' };

/** The cursors of suggestions, of which the one with the highest overlap comes first. */
export const suggestionKeyset = keyset<Suggestion>({ overlap: numberPart, id: idPart });
