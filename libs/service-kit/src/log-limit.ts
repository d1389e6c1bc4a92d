import { AsyncLocalStorage } from 'node:async_hooks';
import { type Logger, levels, type LogFn, type LoggerOptions } from 'pino';

/** One line per kind and second: enough to see that something fails and how often, however often it fails. */
export const LOG_LIMITS = {
  windowMs: 1_000,
  /** Ours are about a hundred; whatever comes beyond shares one kind, so that no text that varies makes a kind of its own. */
  kinds: 200,
  kindLength: 200,
} as const;

const OTHER = 'other';
type Args = Parameters<LogFn>;

interface Window {
  /** Lines since the last one that was written. */
  repeated: number;
  write: (() => void) | undefined;
}

/**
 * Makes the hook by which warnings and errors of one kind (level, constant message, kind of error) are written once a second: the
 * first at once, those that follow as one line with the fields of the last and their number in `repeated`.
 */
export function limitRepeatedLines(): NonNullable<LoggerOptions['hooks']>['logMethod'] {
  const windows = new Map<string, Window>();

  /** Lives for as long as lines of its kind keep coming. */
  function open(kind: string): void {
    const window: Window = { repeated: 0, write: undefined };
    windows.set(kind, window);
    const timer = setInterval(() => {
      if (!window.write) {
        windows.delete(kind);
        return clearInterval(timer);
      }
      window.write();
      window.repeated = 0;
      window.write = undefined;
    }, LOG_LIMITS.windowMs);
    timer.unref();
  }

  return function logMethod(this: Logger, args, method, level) {
    if (level < levels.values.warn! || level >= levels.values.fatal!) return method.apply(this, args);
    const given = kindOf(args, level);
    const kind = windows.has(given) || windows.size < LOG_LIMITS.kinds ? given : OTHER;
    const window = windows.get(kind);
    if (!window) {
      open(kind);
      return method.apply(this, args);
    }
    const repeated = ++window.repeated;
    // Bound, so that the line carries the correlation and trace id of the request in which it was meant to be written.
    window.write = AsyncLocalStorage.bind(() => method.apply(this, withCount(args, repeated)));
  };
}

function kindOf([first, second]: readonly unknown[], level: number): string {
  const message = typeof first === 'string' ? first : typeof second === 'string' ? second : '';
  const error = first instanceof Error ? first : (first as { err?: unknown } | null)?.err;
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return `${level} ${message} ${String(code ?? name ?? '')}`.slice(0, LOG_LIMITS.kindLength);
}

function withCount([first, ...rest]: readonly unknown[], repeated: number): Args {
  if (typeof first === 'string') return [{ repeated }, first, ...rest] as Args;
  const fields = first instanceof Error ? { err: first } : (first as object);
  return [{ ...fields, repeated }, ...rest] as Args;
}
