import { parseInput, textUpTo } from '../src/index.js';

const bio = textUpTo(5, 'A bio');

describe('a text', () => {
  it('is trimmed before it is measured', () => {
    expect(parseInput(bio, '  hello  ')).toBe('hello');
  });

  it.each([['hello!'], ['a\0b'], ['\ud800'], [7]])('cannot be %j', (text) => {
    expect(() => parseInput(bio, text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});
