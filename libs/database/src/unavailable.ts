import { AppError } from '@fowergram/contracts-core';

/** SQLSTATE classes of a server that is gone, shutting down, starting or full: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SQLSTATE = /^(08|53|57P0[1-5]|25P03|40001|40P01)/;
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT']);
const DRIVER =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|not queryable|Query read timeout/;
/** Not reached, timed out, closed: https://www.prisma.io/docs/orm/reference/error-reference */
const PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024']);

interface Failure {
  code?: unknown;
  message?: unknown;
  constraint?: unknown;
  /** Where Prisma keeps what Postgres said. */
  meta?: { driverAdapterError?: { cause?: { originalCode?: unknown; constraint?: { index?: unknown } } } };
}

/** True for failures of the connection to Postgres, which may pass, in contrast to failures of the statement. */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = (error ?? {}) as Failure;
  const state = sqlState(error);
  if (typeof state === 'string' && SQLSTATE.test(state)) return true;
  if (typeof code === 'string' && (SOCKET.has(code) || PRISMA.has(code))) return true;
  return typeof message === 'string' && DRIVER.test(message);
}

/** True when a statement, or a call of Prisma, broke the unique index of that name. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  const { constraint, meta } = (error ?? {}) as Failure;
  return sqlState(error) === '23505' && (constraint ?? meta?.driverAdapterError?.cause?.constraint?.index) === index;
}

/** True when a statement took longer than it may. */
export const isStatementTimeout = (error: unknown): boolean => sqlState(error) === '57014';

/** The error to throw for one of Postgres: UNAVAILABLE for failures of the connection. */
export function translated(error: unknown): unknown {
  if (!isUnavailable(error)) return error;
  return new AppError('UNAVAILABLE', 'The data store does not answer. Please try again.', {}, { cause: error });
}

function sqlState(error: unknown): unknown {
  const { code, meta } = (error ?? {}) as Failure;
  return meta?.driverAdapterError ? meta.driverAdapterError.cause?.originalCode : code;
}
