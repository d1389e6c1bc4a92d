import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { z } from 'zod';
import { type CommonConfig, CONFIG } from '../config.js';
import { type Logger, LOGGER } from '../logger.js';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const DEFAULT_MINUTES = 30;
const MAX_MINUTES = 24 * 60;

interface Setting {
  words: readonly string[];
  byDefault: string;
  value: string;
}

/** What the settings are, what they may be, and until when. */
export interface LogSettingsView {
  settings: Record<string, string>;
  words: Record<string, readonly string[]>;
  until: string | null;
}

/**
 * What is logged, each by a word that operators may change while the process runs. It goes back by itself: a level that somebody forgot
 * would fill a disk.
 */
@Injectable()
export class LogSettings implements OnModuleDestroy {
  private readonly settings = new Map<string, Setting>();
  private end: { at: Date; timer: NodeJS.Timeout } | undefined;
  private readonly level: () => string;

  constructor(
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CONFIG) config: CommonConfig,
  ) {
    this.level = this.add('level', LEVELS, config.LOG_LEVEL);
  }

  /** Adds a setting and gives what reads it. */
  add<W extends string>(name: string, words: readonly W[], byDefault: W): () => W {
    const setting: Setting = { words, byDefault, value: byDefault };
    this.settings.set(name, setting);
    return () => setting.value as W;
  }

  view(): LogSettingsView {
    const of = <T>(pick: (setting: Setting) => T): Record<string, T> =>
      Object.fromEntries([...this.settings].map(([name, setting]) => [name, pick(setting)]));
    return {
      settings: of(({ value }) => value),
      words: of(({ words }) => words),
      until: this.end?.at.toISOString() ?? null,
    };
  }

  /** Changes settings for some minutes, half an hour by default; throws a ZodError for what is none. */
  change(given: unknown): LogSettingsView {
    const shape = Object.fromEntries([...this.settings].map(([name, { words }]) => [name, z.enum(words).optional()]));
    const minutes = z.int().min(1).max(MAX_MINUTES).default(DEFAULT_MINUTES);
    const { minutes: lasting, ...changed } = z.strictObject({ ...shape, minutes }).parse(given);
    for (const [name, value] of Object.entries(changed)) this.settings.get(name)!.value = value as string;
    this.apply();
    clearTimeout(this.end?.timer);
    const timer = setTimeout(() => this.reset(), lasting * 60_000).unref();
    this.end = { at: new Date(Date.now() + lasting * 60_000), timer };
    this.log.info({ settings: this.view().settings, minutes: lasting }, 'an operator has changed what is logged');
    return this.view();
  }

  onModuleDestroy(): void {
    clearTimeout(this.end?.timer);
  }

  private reset(): void {
    for (const setting of this.settings.values()) setting.value = setting.byDefault;
    this.end = undefined;
    this.apply();
  }

  private apply(): void {
    this.log.level = this.level();
  }
}
