import { problemOf } from '../src/new-post/file.rules.js';

describe('A file that is chosen for a post', () => {
  it('is refused before a byte is sent where the API would refuse it', () => {
    expect(problemOf({ type: 'image/jpeg', size: 31_457_280 })).toBeNull();
    expect(problemOf({ type: 'image/jpeg', size: 31_457_281 })).toMatch('too large');
    expect(problemOf({ type: 'image/png', size: 0 })).toMatch('empty');
    expect(problemOf({ type: 'image/svg+xml', size: 10 })).toMatch('no picture');
    expect(problemOf({ type: '', size: 10 })).toMatch('no picture');
  });
});
