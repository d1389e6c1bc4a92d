import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AppError } from '@fowergram/contracts-core';
import { errorOfStatus, restError } from './rest-errors.js';

/** Answers on a connection that the framework does not have, with an error and its headers, and ends it. */
export function answerRaw(
  stream: Duplex,
  status: number,
  headers: Readonly<Record<string, string>>,
  error: AppError = errorOfStatus(status),
): void {
  // Node has let go of the connection: nobody else hears that the client is gone, and an error that nobody hears ends the process.
  stream.on('error', () => stream.destroy());
  if (!stream.writable) return void stream.destroy();
  const body = restError(error);
  const text = JSON.stringify(body);
  const all = {
    ...headers,
    ...(body.retryAfterSeconds !== undefined && { 'retry-after': body.retryAfterSeconds }),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  stream.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n'));
}
