import { isQuery } from '../src/document.js';

describe('A document', () => {
  it.each([
    '{ me { id } }',
    'query Me { me { id } }',
    '# mine\n\n query { me { id } }',
    ',query($a: ID){ node(id: $a) { id } }',
  ])('is sent without a key when it is a query: %j', (text) => expect(isQuery(text)).toBe(true));

  it.each([
    'mutation { likePost(postId: "1") { id } }',
    '# query\nmutation { likePost(postId: "1") { id } }',
    'fragment F on Post { id } mutation { likePost(postId: "1") { ...F } }',
    'queryLike',
    '',
  ])('gets a key where it may be a change: %j', (text) => expect(isQuery(text)).toBe(false));
});
