import type { Scene } from './scene.js';

export const WORDS = ['cat', 'dog', 'rain'];
/** Of one island: what has a hashtag comes to all who follow it, wherever they are. */
export const hashtagsOf = (island: number): string[] => ['sun', 'sea', 'snow'].map((name) => `${name}${island}`);

/** A few words, some of which somebody may have muted, and a hashtag at times. */
export function caption({ dice, island }: Pick<Scene, 'dice' | 'island'>): string {
  const words = WORDS.filter(() => dice.chance(0.15));
  const hashtags = hashtagsOf(island)
    .filter(() => dice.chance(0.15))
    .map((name) => `#${name}`);
  return ['a picture', ...words, ...hashtags].join(' ');
}
