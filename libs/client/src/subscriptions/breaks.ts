import { type AnswerError, errorOf, FowergramError } from '../errors.js';

/** The close codes of docs/realtime.md after which connecting again would end the same way. */
const FINAL: Record<number, string> = {
  1009: 'PAYLOAD_TOO_LARGE',
  4400: 'BAD_USER_INPUT',
  4403: 'FORBIDDEN',
  4406: 'BAD_USER_INPUT',
  4409: 'BAD_USER_INPUT',
  4429: 'BAD_USER_INPUT',
  4430: 'RATE_LIMITED_SOCKETS',
};
const SIGNED_OUT = 4401;

/** Why a subscription ended before its time: NETWORK where connecting again helps, UNAUTHENTICATED where a refresh comes first. */
export function breakOf(thrown: unknown): FowergramError {
  if (thrown instanceof FowergramError) return thrown;
  if (Array.isArray(thrown) && thrown.length > 0) return errorOf(thrown as AnswerError[]);
  const { code, reason } = (thrown ?? {}) as { code?: number; reason?: string };
  const message = `The socket was closed (${code ?? 'no code'}).`;
  if (code === SIGNED_OUT) return new FowergramError(message, { code: 'UNAUTHENTICATED', reason: 'SOCKET' });
  const final = code === undefined ? undefined : FINAL[code];
  return new FowergramError(message, { code: final ?? 'NETWORK', reason: reason || undefined }, { cause: thrown });
}

/** Says whether the session has to be refreshed before the socket is opened again. */
export const needsRefresh = ({ code, reason }: FowergramError): boolean =>
  code === 'UNAUTHENTICATED' && reason === 'SOCKET';
