import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { badCursor } from '@fowergram/contracts-core';

/** 12 bytes in base64. Nobody finds a signature of so many by trying: a try is a request. */
const SIGNATURE_LENGTH = 16;

/** Signs the positions that services give, so that what comes back as a cursor is one that this list gave to this viewer. */
export class CursorSeal {
  private readonly key: Buffer;
  private list: string | undefined;
  private listKey = '';

  constructor(keyInHex: string) {
    this.key = Buffer.from(keyInHex, 'hex');
  }

  /** The cursor that clients see of a position in a list. */
  seal(list: string, position: string): string {
    return this.sign(list, position) + Buffer.from(position).toString('base64url');
  }

  /** The position that a cursor holds; throws BAD_USER_INPUT (BAD_CURSOR) at the argument for one that this list has not given out. */
  open(list: string, cursor: string, argument: 'after' | 'before'): string {
    const position = Buffer.from(cursor.slice(SIGNATURE_LENGTH), 'base64url').toString();
    // Base64 has several texts for the same bytes: only the one that was given out is a cursor.
    const given = Buffer.from(cursor);
    const own = Buffer.from(this.seal(list, position));
    const isOwn = position !== '' && given.length === own.length && timingSafeEqual(given, own);
    if (!isOwn) throw badCursor(argument);
    return position;
  }

  /**
   * A page has many cursors of one list: the list has a key of its own, and each position one hash under it, which costs a quarter of
   * an HMAC. Most of the hash is cut off, so that nobody goes on hashing from it.
   */
  private sign(list: string, position: string): string {
    if (list !== this.list) {
      this.list = list;
      this.listKey = createHmac('sha256', this.key).update(list).digest('base64url');
    }
    return hash('sha256', this.listKey + position, 'base64url').slice(0, SIGNATURE_LENGTH);
  }
}
