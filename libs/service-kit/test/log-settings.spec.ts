import { jest } from '@jest/globals';
import { pino } from 'pino';
import { ZodError } from 'zod';
import { commonVariables, defineConfig, LogSettings } from '../src/index.js';

const config = defineConfig(commonVariables).read({ ENVIRONMENT: 'test', LOG_LEVEL: 'warn' });

describe('What is logged', () => {
  let log: pino.Logger;
  let settings: LogSettings;

  beforeEach(() => {
    jest.useFakeTimers();
    log = pino({ level: 'warn' }, { write: () => undefined });
    settings = new LogSettings(log, config);
  });

  afterEach(() => {
    settings.onModuleDestroy();
    jest.useRealTimers();
  });

  it('is changed by a word, and goes back by itself', () => {
    const operations = settings.add('operations', ['OFF', 'ALL'], 'OFF');
    expect(settings.change({ level: 'debug', operations: 'ALL', minutes: 5 })).toMatchObject({
      settings: { level: 'debug', operations: 'ALL' },
      until: expect.any(String),
    });
    expect([log.level, operations()]).toEqual(['debug', 'ALL']);
    jest.advanceTimersByTime(5 * 60_000);
    expect([log.level, operations()]).toEqual(['warn', 'OFF']);
    expect(settings.view()).toMatchObject({ settings: { level: 'warn', operations: 'OFF' }, until: null });
  });

  it('is changed anew by a later word, whose time counts', () => {
    settings.change({ level: 'debug', minutes: 5 });
    jest.advanceTimersByTime(4 * 60_000);
    settings.change({ level: 'info', minutes: 5 });
    jest.advanceTimersByTime(4 * 60_000);
    expect(log.level).toBe('info');
  });

  it.each<[string, unknown]>([
    ['a word that is none', { level: 'loud' }],
    ['a setting that is none', { volume: 'debug' }],
    ['a time without an end', { level: 'debug', minutes: 100_000 }],
    ['nothing', null],
  ])('is left as it is by %s', (_what, given) => {
    expect(() => settings.change(given)).toThrow(ZodError);
    expect(log.level).toBe('warn');
  });
});
