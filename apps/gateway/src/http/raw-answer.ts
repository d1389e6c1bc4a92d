import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AppError } from '@fowergram/contracts-core';
import { newCorrelationId } from '@fowergram/service-kit';
import { CORRELATION_HEADER } from './correlation-id.js';
import { PROBLEM_TYPE } from '../rest/problem.js';
import { errorBody } from './error-form.js';
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
  const correlationId = headers[CORRELATION_HEADER] ?? newCorrelationId();
  const text = JSON.stringify(errorBody(body, status, correlationId));
  const all = {
    ...headers,
    [CORRELATION_HEADER]: correlationId,
    ...(body.retryAfterSeconds !== undefined && { 'retry-after': body.retryAfterSeconds }),
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  stream.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n'));
}
