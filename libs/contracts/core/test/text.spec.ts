import { hashtagsOf, isVisible, nameUpTo, parseInput, textUpTo, visibleTextUpTo } from '../src/index.js';
import { hashtagCases } from './hashtag-cases.js';

const bio = textUpTo(5, 'A bio');
const caption = textUpTo(2_200, 'A caption');
const comment = visibleTextUpTo(2_200, 'A comment');
const name = nameUpTo(64, 'A name');

/** What is drawn as nothing: spaces, joiners, fillers, soft hyphens, blank Braille, marks of direction, tags, control characters. */
const INVISIBLE = [
  ' ',
  '\u00a0',
  '\u00ad',
  '\u034f',
  '\u061c',
  '\u115f',
  '\u17b4',
  '\u180e',
  '\u200b',
  '\u200d',
  '\u200f',
  '\u2028',
  '\u202e',
  '\u2060',
  '\u2066',
  '\u2800',
  '\u3000',
  '\u3164',
  '\ufe0f',
  '\ufeff',
  '\uffa0',
  '\u{e0041}',
  '\u0001',
  '\u0085',
  '\u0301',
];
const badUserInput = expect.objectContaining({ code: 'BAD_USER_INPUT' });

describe('A text', () => {
  it('is trimmed before it is measured', () => {
    expect(parseInput(bio, '  hello  ')).toBe('hello');
  });

  it.each([['hello!'], ['a\0b'], ['\ud800'], [7]])('cannot be %j', (text) => {
    expect(() => parseInput(bio, text)).toThrow(badUserInput);
  });

  it.each([
    ['a\nb\n\nc\n\n\nd', 'a\nb\n\nc\n\n\nd'],
    ['a\n\n\n\nb', 'a\n\n\nb'],
    ['a\r\n\r\n\r\n\r\n\r\nb', 'a\n\n\nb'],
    ['a\u2028\u2029\u0085\v\fb', 'a\n\n\nb'],
    ['a\n \n\t\n\u2800\n\u3164\n\u200b\nb', 'a\n\n\nb'],
    [`a${'\n'.repeat(2_000)}b`, 'a\n\n\nb'],
    ['a\n  indented\nb', 'a\n  indented\nb'],
  ])('of %j has at most two empty lines in a row: %j', (text, expected) => {
    expect(parseInput(caption, text)).toBe(expected);
  });

  it('is looked at a line at a time, each once, however many are empty', () => {
    const text = '\n \n'.repeat(50_000);
    expect(parseInput(caption, text)).toBe('');
  });

  it.each(hashtagCases)('keeps what makes the hashtags of $text', ({ text, hashtags }) => {
    const expected = hashtags.map((hashtag) => hashtag.normalize('NFC'));
    expect(hashtagsOf(parseInput(caption, text))).toEqual(expected);
    expect(hashtagsOf(parseInput(comment, text))).toEqual(expected);
  });
});

describe('A text of which something must be seen', () => {
  it.each([...INVISIBLE, INVISIBLE.join(''), ''])('is not %j', (text) => {
    expect(isVisible(text)).toBe(false);
    expect(() => parseInput(comment, text)).toThrow(
      expect.objectContaining({ message: 'A comment needs something that can be seen.' }),
    );
  });

  it.each(['.', '👍', '👨\u200d👩\u200d👧', '#\ufe0f\u20e3', '🇮🇷', 'ا', '한', '\u0e20', '\u{1f600}'])(
    'may be %j',
    (text) => {
      expect(parseInput(comment, text)).toBe(text);
    },
  );
});

describe('A name', () => {
  it('may be empty', () => {
    expect(parseInput(name, '  ')).toBe('');
  });

  it.each(['\u200d', '\u2800\u3164', '\ufe0f'])('is not %j, of which nothing is seen', (text) => {
    expect(() => parseInput(name, text)).toThrow(badUserInput);
  });

  it.each([
    ['Ann\nLee', 'Ann Lee'],
    ['Ann\u2028\u0007\t Lee', 'Ann Lee'],
    ['\u202eeeL nnA', 'eeL nnA'],
    ['\u2067\u200fדנה\u2069', 'דנה'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['👨\u200d👩\u200d👧', '👨\u200d👩\u200d👧'],
  ])('of %j is %j', (text, expected) => {
    expect(parseInput(name, text)).toBe(expected);
  });

  it('is measured when it is one line', () => {
    expect(parseInput(nameUpTo(3, 'A name'), 'a\r\n\u202e\n b')).toBe('a b');
  });
});
