/** Captions of comparable products and of their bug reports, with the hashtags that a reader sees in them. */
export const hashtagCases: { text: string; hashtags: string[]; why: string }[] = [
  {
    text: '#\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
    hashtags: ['\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    why: 'a zero-width non-joiner is part of a Persian word',
  },
  {
    text: '#\u307c\u3063\u3061\u30fb\u3056\u30fb\u308d\u3063\u304f',
    hashtags: ['\u307c\u3063\u3061\u30fb\u3056\u30fb\u308d\u3063\u304f'],
    why: 'the katakana middle dot joins a title',
  },
  { text: '\uff03\u5199\u771f', hashtags: ['\u5199\u771f'], why: 'Japanese keyboards type the full-width number sign' },
  { text: '#\ufe0f\u20e3 2 of 3', hashtags: [], why: 'the keycap emoji is no hashtag' },
  {
    text: 'We are #1',
    hashtags: [],
    why: 'a number alone is a rank, not a subject (as others have it; a decision to take)',
  },
  { text: '#___ #_', hashtags: [], why: 'underscores alone are no subject' },
  {
    text: 'https://de.wikipedia.org/wiki/Foo_(Bar)#Geschichte',
    hashtags: [],
    why: 'the fragment of an address that ends in a bracket',
  },
  {
    text: '#\u0130stanbul #istanbul',
    hashtags: ['istanbul'],
    why: 'the Turkish capital becomes i and a stray combining dot: two tags that look the same',
  },
  { text: '#cafe\u0301 #CAF\u00c9', hashtags: ['caf\u00e9'], why: 'holds: composed and decomposed are one' },
  {
    text: '#\u0939\u093f\u0928\u094d\u0926\u0940 #\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22 #\u0ba4\u0bae\u0bbf\u0bb4\u0bcd',
    hashtags: [
      '\u0939\u093f\u0928\u094d\u0926\u0940',
      '\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22',
      '\u0ba4\u0bae\u0bbf\u0bb4\u0bcd',
    ],
    why: 'holds: marks belong to words',
  },
];
