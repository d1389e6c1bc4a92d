import { readFileSync } from 'node:fs';
import { documentedNumbers } from '../src/documented-numbers.js';

/** Tables of bounds are compared by the tests of the gateway; these are the numbers in sentences. */
describe.each(Object.keys(documentedNumbers))('A number in a sentence of %s', (docs) => {
  const text = readFileSync(docs, 'utf8').replaceAll(/\s+/g, ' ');

  it.each(documentedNumbers[docs]!)('is that of the code: %s', (sentence, file, code) => {
    expect(text).toContain(sentence);
    expect(readFileSync(file, 'utf8')).toContain(code);
  });
});
