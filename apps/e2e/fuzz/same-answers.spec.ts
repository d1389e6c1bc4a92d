import { areDifferent } from './same-answers.js';

const answer = (body: object) => ({ status: 200, texts: [JSON.stringify(body)] });
const failure = (name: string, correlationId: string, code = 'NOT_FOUND') => ({
  message: 'No.',
  path: [name],
  extensions: { code, correlationId },
});

describe('The answers to one text', () => {
  it('are the same when they differ in what is new in each, and in the order of what failed', () => {
    const one = answer({ data: { a: null, b: null }, errors: [failure('a', '1'), failure('b', '1')] });
    const other = answer({ errors: [failure('b', '2'), failure('a', '2')], data: { a: null, b: null } });
    expect(areDifferent([one, other])).toBe(false);
  });

  it('are different when it failed for another reason, or another value came', () => {
    const failed = (code: string) => answer({ data: { a: null }, errors: [failure('a', '1', code)] });
    expect(areDifferent([failed('NOT_FOUND'), failed('INTERNAL')])).toBe(true);
    expect(areDifferent([answer({ data: { first: 100 } }), answer({ data: { first: '100' } })])).toBe(true);
  });
});
