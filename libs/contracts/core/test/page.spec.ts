import fc from 'fast-check';
import type { z } from 'zod';
import {
  decodePosition,
  decodeSequence,
  encodePosition,
  encodeSequence,
  idPart,
  keyset,
  NEWEST,
  numberPart,
  OLDEST,
  PageInput,
  parseInput,
  readingByTime,
  textPart,
  toPage,
  toPageOf,
  TwoWayPageInput,
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

  it('of several parts are read part by part, the last of which may hold the separator', () => {
    const keys = keyset<{ count: number; id: string; text: string }>({
      count: numberPart,
      id: idPart,
      text: textPart(8),
    });
    fc.assert(
      fc.property(fc.nat(), fc.uuid(), fc.stringMatching(/^[a-z: 界]{0,8}$/), (count, id, text) => {
        expect(keys.keyOf(keys.cursorOf({ count, id, text }))).toEqual({ count, id, text });
      }),
    );
    const good = keys.cursorOf({ count: 1, id: '01900000-0000-7000-8000-000000000000', text: 'a:b' });
    expect(() => decodePosition(`${'z'.repeat(11)}:01900000-0000-7000-8000-000000000000`)).toThrow(
      expect.objectContaining({ details: { path: ['after'], reason: 'BAD_CURSOR' } }),
    );
    for (const bad of ['', good.replace('1:', ':'), good.replace('0190', '019'), `${good}123456`, `${good}\0`])
      expect(() => keys.keyOf(bad)).toThrow(
        expect.objectContaining({ details: { path: ['after'], reason: 'BAD_CURSOR' } }),
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
    expect(parseInput(PageInput, { first: 0 }).first).toBe(0);
    for (const first of [-1, 101, 1.5, 1e9]) {
      expect(() => parseInput(PageInput, { first })).toThrow(
        expect.objectContaining({ code: 'BAD_USER_INPUT', details: { path: ['first'] } }),
      );
    }
  });

  it('are read forward or backward, and never both ways at once', () => {
    const read = (page: z.input<typeof TwoWayPageInput>) => readingByTime(parseInput(TwoWayPageInput, page));
    const position = { at: new Date(5), id: '01900000-0000-7000-8000-000000000000' };
    const cursor = encodePosition(position);
    expect(read({})).toEqual({ way: 'forward', from: NEWEST, size: 20 });
    expect(read({ first: 3, after: cursor })).toEqual({ way: 'forward', from: position, size: 3 });
    expect(read({ last: 3 })).toEqual({ way: 'backward', from: OLDEST, size: 3 });
    expect(read({ first: 3, before: null })).toEqual({ way: 'forward', from: NEWEST, size: 3 });
    expect(read({ last: 3, after: null })).toEqual({ way: 'backward', from: OLDEST, size: 3 });
    expect(read({ before: cursor })).toEqual({ way: 'backward', from: position, size: 20 });
    for (const [page, path] of [
      [{ first: 1, last: 1 }, 'first'],
      [{ first: 1, before: cursor }, 'first'],
      [{ last: 1, after: cursor }, 'after'],
      [{ before: 'x' }, 'before'],
      [{ after: 'x' }, 'after'],
    ] as const)
      expect(() => read(page)).toThrow(
        expect.objectContaining({ code: 'BAD_USER_INPUT', details: expect.objectContaining({ path: [path] }) }),
      );
  });

  it('have the order of their list, also when their rows were fetched from its end', () => {
    const edge = (row: number) => ({ cursor: String(row), node: row });
    const reading = { from: OLDEST, size: 2 };
    expect(toPageOf([1, 2, 3], { way: 'forward', ...reading }, edge)).toEqual({
      edges: [edge(1), edge(2)],
      hasNextPage: true,
    });
    expect(toPageOf([9, 8, 7], { way: 'backward', ...reading }, edge)).toEqual({
      edges: [edge(8), edge(9)],
      hasNextPage: true,
    });
    expect(toPageOf([9], { way: 'backward', ...reading }, edge)).toEqual({ edges: [edge(9)], hasNextPage: false });
  });

  it('have a next one when one row more was fetched', () => {
    const edge = (row: number) => ({ cursor: String(row), node: row });
    expect(toPage([1, 2, 3], 2, edge)).toEqual({ edges: [edge(1), edge(2)], hasNextPage: true });
    expect(toPage([1, 2], 2, edge)).toEqual({ edges: [edge(1), edge(2)], hasNextPage: false });
  });
});
