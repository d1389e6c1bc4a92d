import { Id } from '@fowergram/contracts-core';
import { claimIdOf, hashtagsOf } from '../src/posts/posts.rules.js';

describe('hashtagsOf', () => {
  it.each([
    ['a plain caption', []],
    ['#Sun and #sea, again #SUN', ['sun', 'sea']],
    ['#été #Größe #日本 #हिन्दी #snow_2026', ['été', 'größe', '日本', 'हिन्दी', 'snow_2026']],
    ['e-mail a#b, address https://x.y/#top, entity &#39; and ##twice', []],
    ['(#in) "#quotes", #end.', ['in', 'quotes', 'end']],
    ['# alone', []],
    [`#${'a'.repeat(101)} #ok`, ['ok']],
  ])('finds in %j the hashtags %j', (caption, expected) => {
    expect(hashtagsOf(caption)).toEqual(expected);
  });

  it('finds at most thirty hashtags', () => {
    expect(hashtagsOf(Array.from({ length: 40 }, (_, i) => `#tag${i}`).join(' '))).toHaveLength(30);
  });

  it('takes linear time for the longest caption', () => {
    const startedAt = performance.now();
    for (const part of ['#', '#a', 'a#', '_#']) hashtagsOf(part.repeat(2_200));
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe('claimIdOf', () => {
  it('returns the same valid id for the same idempotency key', () => {
    expect(claimIdOf('ann:1')).toBe(claimIdOf('ann:1'));
    expect(claimIdOf('ann:1')).not.toBe(claimIdOf('ann:2'));
    expect(Id.parse(claimIdOf('ann:1'))).toBe(claimIdOf('ann:1'));
  });

  it('returns another id each time without a key', () => {
    expect(claimIdOf(undefined)).not.toBe(claimIdOf(undefined));
    expect(Id.parse(claimIdOf(undefined))).toBeTruthy();
  });
});
