/** SQLSTATE classes of a server that is gone, shutting down, starting or full: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SQLSTATE = /^(08|53|57P0[1-5]|25P03|40001|40P01)/;
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT']);
const DRIVER =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|not queryable|Query read timeout/;

/** True for failures of the road to Postgres, which may pass, in contrast to failures of the statement. */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && (SQLSTATE.test(code) || SOCKET.has(code))) return true;
  return typeof message === 'string' && DRIVER.test(message);
}

/** True when a statement broke the unique index of that name. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && constraint === index;
}
