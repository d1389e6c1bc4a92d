import { Id } from '@fowergram/contracts-core';
import { claimIdOf } from '../src/posts/posts.rules.js';

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
