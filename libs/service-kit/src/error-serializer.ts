import { stdSerializers } from 'pino';
import { redact } from './redact.js';

/** Longer than a message or a stack of ours with two causes; what a client or a store has put in is cut there. */
const MAX_TEXT = 4_000;
const MAX_FIELD = 1_000;

/** Writes an error with its stack and its own fields, each cut to a length that a log can bear. */
export function serializeError(error: Error): Record<string, unknown> {
  const fields = Object.entries(stdSerializers.err(error)).filter(([name]) => name !== 'raw');
  const redacted = redact(Object.fromEntries(fields)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(redacted).map(([name, value]) => [name, cut(value, name === 'stack' ? MAX_TEXT : MAX_FIELD)]),
  );
}

function cut(value: unknown, length: number): unknown {
  if (typeof value === 'string') return value.length <= length ? value : `${value.slice(0, length)}…`;
  if (typeof value !== 'object' || value === null) return value;
  const text = asJson(value);
  return text.length <= length ? value : `${text.slice(0, length)}…`;
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '[not JSON]';
  }
}
