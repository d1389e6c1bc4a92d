import { parseInput, textUpTo } from '../src/index.js';

const bio = textUpTo(5, 'A bio');

it('text is trimmed before it is measured', () => {
  expect(parseInput(bio, '  hello  ')).toBe('hello');
});

it.each([['hello!'], ['a\0b'], ['\ud800'], [7]])('refuses %j', (text) => {
  expect(() => parseInput(bio, text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});
