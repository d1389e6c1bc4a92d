import type { Dice } from './dice.js';

export const WORDS = ['cat', 'dog', 'rain'];
export const HASHTAGS = ['sun', 'sea', 'snow'];

/** A few words, some of which somebody may have muted, and a hashtag at times. */
export function caption(dice: Dice): string {
  const words = WORDS.filter(() => dice.chance(0.15));
  const hashtags = HASHTAGS.filter(() => dice.chance(0.15)).map((name) => `#${name}`);
  return ['a picture', ...words, ...hashtags].join(' ');
}
