import fc from 'fast-check';
import {
  decodePosition,
  decodeSequence,
  encodePosition,
  encodeSequence,
  PageInput,
  parseInput,
  toPage,
} from '../src/index.js';

describe('cursors', () => {
  it('decode to the position that they were encoded from', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
        fc.uuid(),
        (at, id) => {
          expect(decodePosition(encodePosition({ at, id }))).toEqual({ at, id });
        },
      ),
    );
    fc.assert(fc.property(fc.nat(), (sequence) => expect(decodeSequence(encodeSequence(sequence))).toBe(sequence)));
  });

  it('are refused with the name of the argument when somebody made them up', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const decode of [decodePosition, decodeSequence]) {
          expect(() => decode(text)).toThrow(
            expect.objectContaining({ code: 'BAD_USER_INPUT', details: expect.objectContaining({ path: ['after'] }) }),
          );
        }
      }),
    );
  });

  it('of one kind of list are refused by the other', () => {
    expect(() => decodePosition(encodeSequence(7))).toThrow();
    expect(() =>
      decodeSequence(encodePosition({ at: new Date(), id: '01900000-0000-7000-8000-000000000000' })),
    ).toThrow();
  });
});

describe('pages', () => {
  it('have 20 items by default, and 100 at most', () => {
    expect(parseInput(PageInput, {}).first).toBe(20);
    for (const first of [0, -1, 101, 1.5]) {
      expect(() => parseInput(PageInput, { first })).toThrow(
        expect.objectContaining({ code: 'BAD_USER_INPUT', details: { path: ['first'] } }),
      );
    }
  });

  it('have a next one when one row more was fetched', () => {
    const edge = (row: number) => ({ cursor: String(row), node: row });
    expect(toPage([1, 2, 3], 2, edge)).toEqual({ edges: [edge(1), edge(2)], hasNextPage: true });
    expect(toPage([1, 2], 2, edge)).toEqual({ edges: [edge(1), edge(2)], hasNextPage: false });
  });
});
