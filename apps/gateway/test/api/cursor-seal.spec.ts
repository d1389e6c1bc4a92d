import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { AppError } from '@fowergram/contracts-core';
import { CursorSeal } from '../../src/api/schema/cursor-seal.js';

const newSeal = () => new CursorSeal(randomBytes(32).toString('hex'));
const refused = (seal: CursorSeal, list: string, cursor: string): unknown => {
  try {
    return seal.open(list, cursor, 'before');
  } catch (error) {
    return error instanceof AppError && [error.code, error.details];
  }
};
const BAD_CURSOR = ['BAD_USER_INPUT', { path: ['before'], reason: 'BAD_CURSOR' }];

describe('the seal of cursors', () => {
  const seal = newSeal();

  it('gives back the position of a cursor of its list', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1, unit: 'grapheme' }), (list, position) => {
        expect(seal.open(list, seal.seal(list, position), 'after')).toBe(position);
      }),
    );
  });

  it('refuses a cursor of which any bit was changed', () => {
    const bytes = Buffer.from(seal.seal('list', 'l2x:0196'), 'base64url');
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(refused(seal, 'list', changed.toString('base64url'))).toEqual(BAD_CURSOR);
    }
  });

  it('refuses the cursor of another list, of another key, another text for the same bytes, and whatever else there is', () => {
    const cursor = seal.seal('list', 'position');
    const others = [
      newSeal().seal('list', 'position'),
      seal.seal('list', ''),
      `${cursor}=`,
      ` ${cursor}`,
      cursor.slice(0, 16),
      cursor.slice(0, 10),
      '',
    ];
    expect(others.map((other) => refused(seal, 'list', other))).toEqual(others.map(() => BAD_CURSOR));
    expect(refused(seal, 'lis', seal.seal('list', 'position'))).toEqual(BAD_CURSOR);
    fc.assert(fc.property(fc.string(), (text) => expect(refused(seal, 'list', text)).toEqual(BAD_CURSOR)));
  });
});
