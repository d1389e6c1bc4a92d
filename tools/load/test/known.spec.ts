import { Known, likesOf } from '../src/known.js';

describe('What is known of a deployment', () => {
  it('leaves open whether a like is there that had no answer', () => {
    const known = new Known();
    known.add({ id: 'post_1', author: 0 });
    const [post] = known.all;
    post!.likes.set(1, 'YES').set(2, 'NO').set(3, 'UNKNOWN');
    expect(likesOf(post!)).toEqual({ least: 1, most: 2 });
  });

  it('lets one request at a time change an edge', () => {
    const known = new Known();
    known.add({ id: 'post_1', author: 0 });
    const [post] = known.all;
    expect(known.begin(1, post!)).toBe(true);
    expect(known.begin(1, post!)).toBe(false);
    expect(known.begin(2, post!)).toBe(true);
    known.end(1, post!);
    expect(known.begin(1, post!)).toBe(true);
  });

  it('holds so many posts at most that memory stays the same', () => {
    const known = new Known();
    for (let index = 0; index < 1_000; index++) known.add({ id: `post_${index}`, author: 0 });
    expect(known.all).toHaveLength(500);
  });
});
