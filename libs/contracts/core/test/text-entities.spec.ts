import { entitiesIn, entitiesOf, excessOf, hashtagsOf, mentionsOf } from '../src/index.js';

const cut = (text: string): string[] => entitiesOf(text).map(({ start, end }) => text.slice(start, end));

describe('The mentions of a text', () => {
  it.each([
    ['@ann', ['ann']],
    ['thanks @Ann and @bo_2, again @ANN.', ['ann', 'bo_2']],
    ['(@ann) "@bob" .@cyd cc:@dot!', ['ann', 'bob', 'cyd', 'dot']],
    ['@ann.smith. @bo..by @.cyd', ['ann.smith']],
    ['— photo by -@ann', ['ann']],
    ['\u{1f44d}@ann \u2764\ufe0f@bob \u{1f468}\u200d\u{1f469}\u200d\u{1f467}@cyd', ['ann', 'bob', 'cyd']],
    ['＠ann ﹫bob', ['ann', 'bob']],
    ['@annさん @bob님', ['ann', 'bob']],
    ['ann@example.com <bob@example.com> a.b+c-d%e@example.com ann+@example.com', []],
    ['@ann@mastodon.social @bob@', []],
    ['https://m.example/@ann www.example.com/@bob m.example/@cyd mailto:dot@example.com', []],
    ['http://ann:pw@example.com/?q=@bob ssh git@github.com', []],
    ['@http://example.com', []],
    ['@annö @annа @ann\u0301 éa@ann', []],
    ['@@ann @ an@ @', []],
    ['@an @' + 'a'.repeat(31) + ' @' + 'b'.repeat(30), ['b'.repeat(30)]],
    ['@__proto__ @constructor', ['__proto__', 'constructor']],
    ['#sun@ann', []],
    ['#@ann', ['ann']],
  ])('in %j are %j', (text, expected) => {
    expect(mentionsOf(text)).toEqual(expected);
  });

  it('are thirty names at most', () => {
    const text = Array.from({ length: 40 }, (_, i) => `@user${i}`).join(' ');
    expect(mentionsOf(text)).toHaveLength(30);
    expect(entitiesOf(text)).toHaveLength(30);
  });

  it('are found by looking at each character once, whatever they are mixed with', () => {
    for (const part of ['@', '@a', 'a@', '@ann', '@ann.', '.@', '@ann@', '://@', '@\u0301', '+@', '#@']) {
      const text = part.repeat(2_200 / part.length);
      let looks = 0;
      entitiesIn(
        (function* () {
          for (const character of text) {
            looks++;
            yield character;
          }
        })(),
      );
      expect(looks).toBeLessThanOrEqual([...text].length);
    }
  });
});

describe('The entities of a text', () => {
  it('stand where their ranges say, in UTF-16 units of the text as it is stored', () => {
    const text = '\u{1f600} #Sun \u{1f468}\u200d\u{1f469} @Ann. #日本 #cafe\u0301! #col·lecció· @ann';
    expect(cut(text)).toEqual(['#Sun', '@Ann', '#日本', '#cafe\u0301', '#col·lecció', '@ann']);
    expect(entitiesOf(text)[0]).toEqual({ kind: 'hashtag', name: 'sun', start: 3, end: 7 });
    expect(entitiesOf(text).map(({ name }) => name)).toEqual(['sun', 'ann', '日本', 'café', 'col·lecció', 'ann']);
  });

  it('have the same names whether the text is composed or not', () => {
    for (const text of ['#Größe #été #한국어 @ann', '\u212b#x #\u2126mega', '#हिन्दी #ภาษาไทย']) {
      const [composed, apart] = [text.normalize('NFC'), text.normalize('NFD')];
      expect(hashtagsOf(apart)).toEqual(hashtagsOf(composed));
      expect(cut(apart).map((part) => part.normalize('NFC'))).toEqual(cut(composed));
    }
  });

  it('are too many with the thirty-first different one of a kind, however often one is repeated', () => {
    const of = (sign: string, count: number) => Array.from({ length: count }, (_, i) => `${sign}name${i}`).join(' ');
    expect(excessOf(`${of('#', 30)} ${of('@', 30)} ${'#name1 @NAME1 '.repeat(30)}`)).toBe(undefined);
    expect(excessOf(of('#', 31))).toBe('hashtags');
    expect(excessOf(of('@', 31))).toBe('mentions');
  });
});
