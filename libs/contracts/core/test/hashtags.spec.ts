import { entitiesIn, hashtagsOf } from '../src/index.js';
import { hashtagCases } from './hashtag-cases.js';

describe('The hashtags of a text', () => {
  it.each(hashtagCases)('of $text are $hashtags, since $why', ({ text, hashtags }) => {
    expect(hashtagsOf(text)).toEqual(hashtags.map((name) => name.normalize('NFC')));
  });

  it.each([
    ['a plain caption', []],
    ['#Sun and #sea, again #SUN', ['sun', 'sea']],
    ['#été #Größe #日本 #हिन्दी #snow_2026', ['été', 'größe', '日本', 'हिन्दी', 'snow_2026']],
    ['e-mail a#b, address https://x.y/#top, entity &#39; and ##twice', []],
    ['(#in) "#quotes", #end.', ['in', 'quotes', 'end']],
    ['# alone', []],
    [`#${'a'.repeat(101)} #ok`, ['ok']],
    ['#col·lecció #col·', ['col·lecció', 'col']],
    ['#a\u200d\u200db #c\u200c', ['a', 'c']],
    ['#top1\ufe0f\u20e3', ['top1']],
    ['#日本 #日本\u{e0100}', ['日本']],
    ['#ＴＯＫＹＯ #tokyo #ﬁsh', ['tokyo', 'fish']],
    ['#2026 #2026goals #²', ['2026goals']],
    ['#Ⅷ #viii', ['viii']],
    ['﹟small', ['small']],
    ['www.example.com(x)#part but awww.#cute', ['cute']],
    ['見て「https://x.jp/a(b)#c」#花', ['花']],
    ['#a\u{1f101}b', ['a\u{1f101}b']],
    ['#one#two', ['one']],
    ['#\u0301mark', []],
    ['\u2764\ufe0f#love \u{1f44d}\u{1f3fd}#yes 1\ufe0f\u20e3#one', ['love', 'yes', 'one']],
    ['e\u0301#no', []],
    ['#support@example.com #https://x.y', []],
  ])('of %j are %j', (text, expected) => {
    expect(hashtagsOf(text)).toEqual(expected);
  });

  it('are thirty at most', () => {
    expect(hashtagsOf(Array.from({ length: 40 }, (_, i) => `#tag${i}`).join(' '))).toHaveLength(30);
  });

  it('are looked for in a hundred names at most, since a name that is no hashtag costs as much', () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, i) => `#${i}`).join(' ');
    expect(hashtagsOf(`${numbers(99)} #sun`)).toEqual(['sun']);
    expect(hashtagsOf(`${'#1 '.repeat(200)}#sun`)).toEqual(['sun']);
    let looks = 0;
    function* counted(text: string): Generator<string> {
      for (const character of text) {
        looks++;
        yield character;
      }
    }
    entitiesIn(counted(`${numbers(100)} ${numbers(500)}`));
    expect(looks).toBeLessThanOrEqual(numbers(100).length + 1);
  });

  it.each(['#', '#a', 'a#', '_#', '#a\u200c', '#a·', '://#', 'www.', '#\u0301', '\ufe0f\u20e3'])(
    'are found by looking at each character once, also in one of many %j',
    (part) => {
      let looks = 0;
      function* counted(text: string): Generator<string> {
        for (const character of text) {
          looks++;
          yield character;
        }
      }
      const text = part.repeat(2_200);
      entitiesIn(counted(text));
      expect(looks).toBeLessThanOrEqual([...text].length);
    },
  );
});
