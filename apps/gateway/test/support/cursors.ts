import { createHash } from 'node:crypto';
import { decodeSequence, encodeSequence } from '@fowergram/contracts-core';
import { CursorSeal } from '../../src/api/schema/cursor-seal.js';

/** What the gateways of tests sign cursors with. */
export const CURSOR_KEY = createHash('sha256').update('cursors of the tests').digest('hex');

const seal = new CursorSeal(CURSOR_KEY);

interface List {
  name: string;
  viewer: { id: string } | null;
  /** The global id of the object that it belongs to. */
  owner?: string;
}

/** The cursor that a viewer reads of a position in a list. */
export const cursorIn = ({ name, viewer, owner }: List, position: string): string =>
  seal.seal(JSON.stringify([name, owner ?? null, [], viewer?.id ?? null]), position);

/** The cursor of a notification as its recipient reads it. */
export const notificationCursor = (recipientId: string, sequence: number): string =>
  cursorIn({ name: 'notifications', viewer: { id: recipientId } }, encodeSequence(sequence));

/** The position that a cursor holds, whoever signed it. */
export const positionIn = (cursor: string): string => Buffer.from(cursor, 'base64url').subarray(12).toString();

/** The number of a notification in its recipient's sequence. */
export const sequenceIn = (cursor: string): number => decodeSequence(positionIn(cursor));
