import { MutedWords } from '../src/muted-words.js';

const areIn = (word: string, text: string) => new MutedWords([word]).areIn(text);

describe('A muted word', () => {
  it.each([
    ['cat', 'A cat.'],
    ['cat', 'CAT!'],
    ['cat', 'the "cat"'],
    ['cat', 'my#cat'],
    ['cat', '#cat'],
    ['cat', '@cat'],
    ['Straße', 'in der STRASSE'.replace('STRASSE', 'STRAßE')],
    ['кот', 'Чёрный Кот спит'],
    ['猫', '黒猫が好き'],
    ['cat', 'catが好き'],
    ['แมว', 'ฉันรักแมวมาก'],
    ['ｃａｔ', 'a cat'],
    ['cat', 'a c\u200bat'],
    ['new   movie', 'the New\nMovie is out'],
    ['c++', 'I like C++ and'],
    ['.*', 'a .* b'],
    ['😀', 'so😀so'],
    ['aab', 'aaaab aab'],
  ])('%s is in %s', (word, text) => expect(areIn(word, text)).toBe(true));

  it.each([
    ['cat', 'concatenate'],
    ['cat', 'cats'],
    ['cat', 'scat'],
    ['cat', 'cat_food'],
    ['cat', 'cat\u0301'],
    ['кот', 'который'],
    ['new movie', 'new, movie'],
    ['.*', 'anything'],
    ['a', '𝒶b'.normalize('NFKC')],
    ['caf', 'café'],
  ])('%s is not in %s', (word, text) => expect(areIn(word, text)).toBe(false));

  it('with a number sign is the hashtag, and no other word or hashtag', () => {
    expect(areIn('#Cat', 'a #cat')).toBe(true);
    expect(areIn('＃cat', 'a #CAT b')).toBe(true);
    expect(areIn('#cat', 'a cat')).toBe(false);
    expect(areIn('#cat', '#cats')).toBe(false);
    expect(areIn('#cat', 'https://example.com/#cat')).toBe(false);
  });

  it('is found among others, and none is found where there are none', () => {
    expect(new MutedWords(['dog', '#x', 'cat']).areIn('one cat')).toBe(true);
    expect(new MutedWords([]).areIn('one cat')).toBe(false);
  });

  it('is compared with a text only where words begin, however many of its letters are like it', () => {
    const words = new MutedWords(Array.from({ length: 100 }, (_, index) => 'a'.repeat(index + 1)));
    const { startsWith } = String.prototype;
    let comparisons = 0;
    String.prototype.startsWith = function (...given) {
      comparisons++;
      return startsWith.apply(this, given);
    };
    try {
      expect(words.areIn('a'.repeat(2_200))).toBe(false);
    } finally {
      String.prototype.startsWith = startsWith;
    }
    expect(comparisons).toBeGreaterThan(0);
    expect(comparisons).toBeLessThanOrEqual(2 * 100);
  });
});
