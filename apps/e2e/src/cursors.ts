import { encodeSequence } from '@fowergram/contracts-core';
import { CursorSeal } from '../../gateway/src/api/schema/cursor-seal.js';

/** The cursor of a recipient's notification as the gateways with this key would give it out, whether there is one or not. */
export const notificationCursor = (cursorKey: string, recipientId: string, sequence: number): string =>
  new CursorSeal(cursorKey).seal(JSON.stringify(['notifications', null, [], recipientId]), encodeSequence(sequence));
