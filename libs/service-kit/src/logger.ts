import type { LoggerService } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import type { CommonConfig } from './config.js';
import { currentEnvelope } from './envelope.js';
import { serializeError } from './error-serializer.js';
import { limitRepeatedLines } from './log-limit.js';
import { redact, redactText } from './redact.js';

export type { Logger } from 'pino';

/** Injects the process's pino logger. */
export const LOGGER = Symbol('LOGGER');

/** A JSON logger that never writes secrets, whatever object it is given, and no more than a line per second of one failure. */
export function createLogger(service: string, config: CommonConfig, stream?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level: config.LOG_LEVEL,
    base: { service, version: config.APP_VERSION },
    timestamp: stdTimeFunctions.isoTime,
    mixin: contextOfLine,
    hooks: { logMethod: limitRepeatedLines() },
    formatters: { log: (line) => redact(line) as Record<string, unknown> },
    serializers: { err: serializeError },
  };
  return stream ? pino(options, stream) : pino(options);
}

/** Ties a line to the request or event in which it is written, and to the trace, where there is one. */
function contextOfLine(): { correlationId?: string | undefined; traceId?: string | undefined } {
  return { correlationId: currentEnvelope()?.correlationId, traceId: trace.getActiveSpan()?.spanContext().traceId };
}

/** Lets Nest write through pino; its start-up chatter is debug. */
export function nestLogger(log: Logger): LoggerService {
  const context = (rest: unknown[]) => ({ context: rest.at(-1) });
  const text = (message: unknown) => redactText(String(message));
  return {
    log: (message, ...rest: unknown[]) => log.debug(context(rest), text(message)),
    debug: (message, ...rest: unknown[]) => log.debug(context(rest), text(message)),
    verbose: (message, ...rest: unknown[]) => log.trace(context(rest), text(message)),
    warn: (message, ...rest: unknown[]) => log.warn(context(rest), text(message)),
    error: (message, ...rest: unknown[]) =>
      log.error(
        { ...context(rest), err: message instanceof Error ? message : undefined, stack: rest[0] },
        text(message),
      ),
    fatal: (message, ...rest: unknown[]) => log.fatal(context(rest), text(message)),
  };
}
