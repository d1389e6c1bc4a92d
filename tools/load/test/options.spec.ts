import { BadOption, readOptions } from '../src/options.js';

describe('The options of a load', () => {
  it('are those of a small run at what npm start has started, where none is given', () => {
    expect(readOptions([])).toEqual({
      url: 'http://localhost:8000',
      rate: 20,
      minutes: 1,
      users: 20,
      listeners: 5,
      devices: 1,
      seed: 1,
      json: undefined,
    });
  });

  it.each([
    [['--rate', 'fast'], '--rate'],
    [['--rate', '0'], '--rate'],
    [['--minutes', '100000'], '--minutes'],
    [['--users', '1'], '--users'],
    [['--users', '2.5'], '--users'],
    [['--users', '3', '--listeners', '4'], '--listeners'],
    [['--devices', '21'], '--devices'],
    [['--url', 'ftp://example.test'], '--url'],
    [['--speed', '9'], '--speed'],
  ])('%j are refused with the name of what is wrong', (args, name) => {
    expect(() => readOptions(args)).toThrow(BadOption);
    expect(() => readOptions(args)).toThrow(name);
  });
});
