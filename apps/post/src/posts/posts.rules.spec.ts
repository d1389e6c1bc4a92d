import { Id } from '@fowergram/contracts-core';
import { claimIdOf, hashtagsOf } from './posts.rules.js';

describe('the hashtags of a caption', () => {
  it.each([
    ['a plain caption', []],
    ['#Sun and #sea, again #SUN', ['sun', 'sea']],
    ['#été #Größe #日本 #हिन्दी #snow_2026', ['été', 'größe', '日本', 'हिन्दी', 'snow_2026']],
    ['e-mail a#b, address https://x.y/#top, entity &#39; and ##twice', []],
    ['(#in) "#quotes", #end.', ['in', 'quotes', 'end']],
    ['# alone', []],
    [`#${'a'.repeat(101)} #ok`, ['ok']],
  ])('of %j are %j', (caption, expected) => {
    expect(hashtagsOf(caption)).toEqual(expected);
  });

  it('are at most thirty', () => {
    expect(hashtagsOf(Array.from({ length: 40 }, (_, i) => `#tag${i}`).join(' '))).toHaveLength(30);
  });

  it('are found in linear time in the longest caption', () => {
    const startedAt = performance.now();
    for (const part of ['#', '#a', 'a#', '_#']) hashtagsOf(part.repeat(2_200));
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe('the claim id of a new post', () => {
  it('is the same for the same idempotency key, and a valid id', () => {
    expect(claimIdOf('ann:1')).toBe(claimIdOf('ann:1'));
    expect(claimIdOf('ann:1')).not.toBe(claimIdOf('ann:2'));
    expect(Id.parse(claimIdOf('ann:1'))).toBe(claimIdOf('ann:1'));
  });

  it('is another one each time without a key', () => {
    expect(claimIdOf(undefined)).not.toBe(claimIdOf(undefined));
    expect(Id.parse(claimIdOf(undefined))).toBeTruthy();
  });
});
