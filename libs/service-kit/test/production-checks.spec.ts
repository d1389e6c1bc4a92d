import { z } from 'zod';
import { allOf, commonVariables, defineConfig, overTls, present, strongPassword, strongSecret } from '../src/index.js';

describe('a secret in production', () => {
  it.each([
    ['short', 'a1b2c3d4e5f6a7b', /fewer than 16 characters/],
    ['one character', 'x'.repeat(40), /repeats itself/],
    ['two of them', 'a1'.repeat(32), /repeats itself/],
    ['a word again and again', 'k7Qw9zR2'.repeat(4), /repeats itself/],
    ['what examples write', 'change-me-in-production', /a word of examples/],
    ['what the store is born with', 'minioadmin-of-mine', /a word of examples/],
    ['the row of digits', '0123456789abcdef0123456789abcdeg', /a word of examples/],
  ])('is weak as %s', (_, value, sentence) => expect(strongSecret(value)).toMatch(sentence));

  it.each(['9f86d081884c7d659a2feaa0c55ad015', 'Tr0ub4dor&3-horse-battery', 'lJ3kV0pQzX8cN1mR'])('may be %s', (value) =>
    expect(strongSecret(value)).toBeUndefined(),
  );
});

describe('the address of a store in production', () => {
  it.each([
    ['has no password', 'redis://redis:6379', /names no password/],
    ['has a user and no password', 'postgresql://post@db/post', /names no password/],
    ['has its user as password', 'nats://fowergram_media:fowergram_media@nats', /the name of its user/],
    ['has the password of a manual', 'postgresql://post:postgres@db/post', /fewer than 16/],
    [
      'is one of several, with a weak one',
      'nats://post:post@one:4222,nats://post:post@two:4222',
      /the name of its user/,
    ],
    ['has an encoded weak one', `redis://:${'%61'.repeat(20)}@redis`, /repeats itself/],
  ])('is refused when it %s', (_, value, sentence) => expect(strongPassword(value)).toMatch(sentence));

  it('is taken with a random password', () => {
    expect(strongPassword('redis://:9f86d081884c7d659a2feaa0c55ad015@redis:6379')).toBeUndefined();
  });
});

describe('a configuration in production', () => {
  const { read } = defineConfig(
    { ...commonVariables, DOMAIN: z.url(), KEY: z.string().optional(), DATABASE_URL: z.url() },
    { DOMAIN: overTls, KEY: allOf(present('everybody would be let in'), strongSecret), DATABASE_URL: strongPassword },
  );
  const weak = { ENVIRONMENT: 'production', DOMAIN: 'http://api.example', DATABASE_URL: 'postgresql://a:a@db/a' };
  const lines = (env: NodeJS.ProcessEnv) => {
    try {
      return read(env);
    } catch (error) {
      return (error as Error).message.split('\n').slice(1);
    }
  };

  it('names every fault in one go, one sentence each, and shows no value', () => {
    expect(lines({ ...weak, LOG_LEVEL: 'loud' })).toEqual([
      expect.stringMatching(/^ {2}LOG_LEVEL: /),
      expect.stringMatching(/^ {2}DOMAIN: must begin with https:/),
      expect.stringMatching(/^ {2}KEY: is missing: everybody would be let in$/),
      expect.stringMatching(/^ {2}DATABASE_URL: has a password that is the name of its user$/),
    ]);
    expect(JSON.stringify(lines(weak))).not.toContain('api.example');
  });

  it('says of a variable that every environment needs only that it is missing', () => {
    expect(lines({ ENVIRONMENT: 'production', KEY: '9f86d081884c7d659a2feaa0c55ad015' })).toEqual([
      '  DOMAIN: is missing',
      '  DATABASE_URL: is missing',
    ]);
  });

  it.each(['development', 'test'])('is stricter than in %s', (ENVIRONMENT) => {
    expect(lines({ ...weak, ENVIRONMENT })).toMatchObject({ DOMAIN: 'http://api.example' });
  });
});
