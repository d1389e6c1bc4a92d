import { idPart, type KeyPart, keyset, textPart } from '@fowergram/contracts-core';

/** The groups of results behind the exact username, in the order of the list: whom the viewer follows comes first within a rank. */
export const GROUPS = [
  'followedByUsername',
  'othersByUsername',
  'followedByDisplayName',
  'othersByDisplayName',
  'followedBySimilarity',
  'othersBySimilarity',
] as const;
export type Group = (typeof GROUPS)[number];
export type FollowedGroup = Extract<Group, `followed${string}`>;
export type BeginningGroup = Extract<Group, 'othersByUsername' | 'othersByDisplayName'>;

/** Somebody who was found, and what orders them in their group: keys are compared by their bytes, equal ones by the id. */
export interface Hit {
  id: string;
  key: string;
}
export type Place = Hit;

export interface Found extends Hit {
  /** Its number in GROUPS; -1 is the exact username. */
  group: number;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** As much of a display name as a key has. */
const DISPLAY_NAME_KEY_LENGTH = 20;
/** A username has 30 units at most, and what a key has of a display name twice as many as characters. */
const MAX_KEY_LENGTH = 2 * DISPLAY_NAME_KEY_LENGTH;

/** A leading @ is how users write names to each other, and part of none. */
export const withoutAt = (text: string): string => text.replace(/^@(?=.)/u, '');

/** Where a page begins in a group, which is never before the text itself; undefined for a group that is over already. */
export function placeIn(group: Group, text: string, after: Found | undefined): Place | undefined {
  const rank = GROUPS.indexOf(group);
  if (after && rank < after.group) return undefined;
  const first = { key: firstKeyOf(group, text), id: FIRST_ID };
  if (rank !== after?.group) return first;
  return Buffer.compare(Buffer.from(after.key), Buffer.from(first.key)) < 0 ? first : after;
}

function firstKeyOf(group: Group, text: string): string {
  if (group.endsWith('Similarity')) return '';
  return group.endsWith('DisplayName') ? [...text].slice(0, DISPLAY_NAME_KEY_LENGTH).join('') : text;
}

const groupPart: KeyPart<number> = {
  write: String,
  read: (text) => (/^(-1|[0-5])$/.test(text) ? Number(text) : undefined),
};

/** The cursors of results; one is good for the same search only. */
export const foundKeyset = keyset<Found>({ group: groupPart, id: idPart, key: textPart(MAX_KEY_LENGTH) });
