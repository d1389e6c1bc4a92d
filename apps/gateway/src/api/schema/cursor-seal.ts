import { createHmac, timingSafeEqual } from 'node:crypto';
import { badCursor } from '@fowergram/contracts-core';

/** Nobody finds a signature of so many bytes by trying: a try is a request. */
const SIGNATURE_BYTES = 12;

/** Signs the positions that services give, so that what comes back as a cursor is one that this list gave to this viewer. */
export class CursorSeal {
  private readonly key: Buffer;

  constructor(keyInHex: string) {
    this.key = Buffer.from(keyInHex, 'hex');
  }

  /** The cursor that clients see of a position in a list, whose name has no NUL. */
  seal(list: string, position: string): string {
    const bytes = Buffer.from(position);
    return Buffer.concat([this.sign(list, bytes), bytes]).toString('base64url');
  }

  /** The position behind a cursor; throws BAD_USER_INPUT (BAD_CURSOR) at the argument for one that this list has not given out. */
  open(list: string, cursor: string, argument: 'after' | 'before'): string {
    const bytes = Buffer.from(cursor, 'base64url');
    const position = bytes.subarray(SIGNATURE_BYTES);
    // Base64 has several texts for the same bytes: only the one that was given out is a cursor.
    const isOwn =
      bytes.length > SIGNATURE_BYTES &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(bytes.subarray(0, SIGNATURE_BYTES), this.sign(list, position));
    if (!isOwn) throw badCursor(argument);
    return position.toString();
  }

  private sign(list: string, position: Buffer): Buffer {
    return createHmac('sha256', this.key)
      .update(list)
      .update('\0')
      .update(position)
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  }
}
