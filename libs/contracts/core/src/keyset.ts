import { badInput } from './app-error.js';

/** One part of a key as a cursor carries it; `read` answers undefined for a text that is none. */
export interface KeyPart<V> {
  write: (value: V) => string;
  read: (text: string) => V | undefined;
}

/** The key that a list is ordered by: makes the cursor of an item from it, and reads it again. */
export interface Keyset<K> {
  cursorOf: (key: K) => string;
  /** Throws BAD_USER_INPUT (BAD_CURSOR) at the path of the argument for what is no cursor of such a list. */
  keyOf: (cursor: string, argument?: 'after' | 'before') => K;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A time, to the millisecond. */
export const timePart: KeyPart<Date> = {
  write: (at) => at.getTime().toString(36),
  read: (text) => (/^[0-9a-z]{1,10}$/.test(text) ? new Date(parseInt(text, 36)) : undefined),
};

/** An id, which makes an order total. */
export const idPart: KeyPart<string> = {
  write: (id) => id,
  read: (text) => (UUID.test(text) ? text : undefined),
};

/** A whole number from 0 on. */
export const numberPart: KeyPart<number> = {
  write: (number) => number.toString(36),
  read: (text) => (/^[0-9a-z]{1,10}$/.test(text) ? parseInt(text, 36) : undefined),
};

/** A text of so many UTF-16 units at most, without NUL; the last part of its key. */
export const textPart = (maxLength: number): KeyPart<string> => ({
  write: (text) => text,
  read: (text) => (text.length <= maxLength && !text.includes('\0') ? text : undefined),
});

/**
 * Makes the cursors of a list that is ordered by these parts, the first one first. They are readable positions: the gateway makes them
 * opaque, signs them and binds them to the list and the viewer (ADR 38).
 */
export function keyset<K extends object>(parts: { [Name in keyof K]: KeyPart<K[Name]> }): Keyset<K> {
  const names = Object.keys(parts) as (keyof K)[];
  return {
    cursorOf: (key) => names.map((name) => parts[name].write(key[name])).join(':'),
    keyOf: (cursor, argument = 'after') => {
      const texts = cursor.split(':');
      // What stands after the last separator of the key is all of the last part.
      texts.push(texts.splice(names.length - 1).join(':'));
      const key: Partial<K> = {};
      for (const [index, name] of names.entries()) {
        const value = parts[name].read(texts[index] ?? '');
        if (value === undefined) throw badCursor(argument);
        key[name] = value;
      }
      return key as K;
    },
  };
}

/** Makes the error for a cursor that the list has not given out. */
export const badCursor = (argument: 'after' | 'before') =>
  badInput([argument], 'This is not a cursor of this list.', 'BAD_CURSOR');
