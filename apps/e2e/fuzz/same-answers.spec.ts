import { areDifferent } from './same-answers.js';

const answer = (body: object) => ({ status: 200, texts: [JSON.stringify(body)] });
const failure = (name: string, correlationId: string) => ({
  message: 'No.',
  path: [name],
  extensions: { code: 'NOT_FOUND', correlationId },
});

describe('The answers to one text', () => {
  it('are the same when they differ in what is new in each, and in the order of what failed', () => {
    const one = answer({ data: { a: null, b: null }, errors: [failure('a', '1'), failure('b', '1')] });
    const other = answer({ errors: [failure('b', '2'), failure('a', '2')], data: { a: null, b: null } });
    expect(areDifferent([one, other])).toBe(false);
  });

  it('are different when another field failed, or another value came', () => {
    const failed = (name: string) => answer({ data: { a: null, b: null }, errors: [failure(name, '1')] });
    expect(areDifferent([failed('a'), failed('b')])).toBe(true);
    expect(areDifferent([answer({ data: { first: 100 } }), answer({ data: { first: '100' } })])).toBe(true);
  });
});
