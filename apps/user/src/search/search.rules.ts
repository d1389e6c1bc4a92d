import { decodeScoped, encodeScoped } from '@fowergram/contracts-core';

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
const FORM = /^(-1|[0-5]):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):([^\0]{0,30})$/u;

/** A leading @ is how users write names to each other, and part of none. */
export const withoutAt = (text: string): string => text.replace(/^@(?=.)/u, '');

/** Where a page begins in a group, which is never before the text itself; undefined for a group that is over already. */
export function placeIn(group: number, text: string, after: Found | undefined): Place | undefined {
  if (after && group < after.group) return undefined;
  const first = { key: firstKeyOf(GROUPS[group]!, text), id: FIRST_ID };
  if (group !== after?.group) return first;
  return Buffer.compare(Buffer.from(after.key), Buffer.from(first.key)) < 0 ? first : after;
}

function firstKeyOf(group: Group, text: string): string {
  if (group.endsWith('Similarity')) return '';
  return group.endsWith('DisplayName') ? [...text].slice(0, DISPLAY_NAME_KEY_LENGTH).join('') : text;
}

/** The cursor of a result; it is good for the same search of the same viewer only. */
export const encodeFound = (scope: string, { group, id, key }: Found): string =>
  encodeScoped(scope, `${group}:${id}:${key}`);

/** Throws BAD_USER_INPUT at `after` for a cursor of another search or viewer. */
export function decodeFound(scope: string, cursor: string): Found {
  const [, group, id, key] = decodeScoped(scope, cursor, FORM);
  return { group: Number(group), id: id!, key: key! };
}
