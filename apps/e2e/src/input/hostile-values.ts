import type { ValueKind } from './arguments.js';

type Table = Record<ValueKind, Record<string, unknown>>;

const LONG = 'x'.repeat(100_000);
const NUL = 'a\0b';
const LONE_SURROGATE = 'a\ud800';

/** What no argument of this kind takes. */
export const REFUSED: Table = {
  text: { NUL, 'a lone surrogate': LONE_SURROGATE, 'a hundred thousand characters': LONG },
  // The test of lists gives each of them cursors of others, changed ones and none.
  cursor: { NUL, 'a long text': LONG },
  page: { 'less than none': -1, 'a billion': 1e9, 'more than an Int': 2 ** 31, 'a part of one': 1.5 },
  int: { 'more than an Int': 2 ** 31, 'less than an Int': -(2 ** 31) - 1, 'a part of one': 1.5 },
  float: { 'more than any': 1e308, 'less than nothing': -1, 'a text': '1' },
  time: {
    'the year 0': '0000-01-01T00:00:00.000Z',
    'the last year of a Date': '+275760-09-13T00:00:00.000Z',
    'no time': 'tomorrow',
    'no month of any year': '2030-13-41T99:00:00Z',
    NUL,
    'a long text': LONG,
  },
  id: {
    nothing: '',
    NUL,
    'a lone surrogate': LONE_SURROGATE,
    'a long text': LONG,
    SQL: "post_1' or '1'='1",
    'a prototype': '__proto__',
  },
};

/** What one argument takes and another refuses; no answer fails because of it. */
export const ODD: Table = {
  text: {
    'SQL, LIKE and tsquery': `'; drop table post; -- %_\\ a:* & !b | (c) <-> "`,
    'a key of every object': '__proto__',
    'a method of every object': 'constructor',
    'what takes naive expressions long': `${'#a'.repeat(500)}${'@'.repeat(500)}!`,
    'four bytes each, one too many': '\u{1d54f}'.repeat(2_201),
    'too many mentions': Array.from({ length: 31 }, (_, n) => `@somebody${n}`).join(' '),
    'too many hashtags': Array.from({ length: 40 }, (_, n) => `#tag${n}`).join(' '),
  },
  cursor: {},
  page: { none: 0 },
  int: { 'less than nothing': -1, none: 0, 'all that an Int holds': 2 ** 31 - 1 },
  float: { nothing: 0, 'very little': 1e-300 },
  time: { 'long ago': '1971-01-01T00:00:00.000Z', 'in 20 years': '2046-01-01T00:00:00.000Z' },
  id: { 'one of nothing': 'post_00000000-0000-7000-8000-000000000000' },
};
