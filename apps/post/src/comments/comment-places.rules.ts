import {
  decodePosition,
  encodePosition,
  idPart,
  type KeyPart,
  keyset,
  NEWEST,
  numberPart,
  OLDEST,
  type Parsed,
  type Reading,
  readingOf,
} from '@fowergram/contracts-core';
import type { CommentOrder, postRpc } from '@fowergram/contracts-post';
import type { CommentRow } from './comment-rows.repository.js';

/** The place of a comment in a list: its time or its likes, and its id. */
export interface Place {
  value: Date | number;
  id: string;
}

type PageInput = Parsed<typeof postRpc.replies>;

const MOST_LIKES = 2 ** 31 - 1;
/** Likes are no more than the database counts: a time is none. */
const likesPart: KeyPart<number> = {
  write: numberPart.write,
  read: (text) => {
    const likes = numberPart.read(text);
    return likes !== undefined && likes <= MOST_LIKES ? likes : undefined;
  },
};
const byLikes = keyset<{ likes: number; id: string }>({ likes: likesPart, id: idPart });
const [NEW, OLD]: Place[] = [NEWEST, OLDEST].map(({ at, id }) => ({ value: at, id }));
const ENDS: Record<CommentOrder, { first: Place; last: Place }> = {
  NEWEST: { first: NEW!, last: OLD! },
  OLDEST: { first: OLD!, last: NEW! },
  TOP: { first: { value: MOST_LIKES, id: NEWEST.id }, last: { value: 0, id: OLDEST.id } },
};

function keyOf(order: CommentOrder, cursor: string, argument: 'after' | 'before'): Place {
  if (order === 'TOP') {
    const { likes, id } = byLikes.keyOf(cursor, argument);
    return { value: likes, id };
  }
  const { at, id } = decodePosition(cursor, argument);
  return { value: at, id };
}

/** What to read of a list of this order; throws BAD_USER_INPUT for a cursor of another one. */
export const readingOfComments = (
  order: CommentOrder,
  page: Omit<PageInput, 'commentId' | 'viewerId'>,
): Reading<Place> => readingOf(page, (cursor, argument) => keyOf(order, cursor, argument), ENDS[order]);

/** The place of a comment in a list of this order. */
export const placeOf = (order: CommentOrder, { id, created_at, ranked_likes }: CommentRow): Place => ({
  value: order === 'TOP' ? ranked_likes : created_at,
  id,
});

/** The cursor of a comment in a list of this order. */
export const cursorOf = (order: CommentOrder, { id, created_at, ranked_likes }: CommentRow): string =>
  order === 'TOP' ? byLikes.cursorOf({ likes: ranked_likes, id }) : encodePosition({ at: created_at, id });
