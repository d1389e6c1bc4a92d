import { Error as AuthError } from 'supertokens-node';
import { Error as SessionError } from 'supertokens-node/recipe/session';
import type { InvalidTokenReason } from '@fowergram/contracts-grpc';
import { RestrictedAccountError } from '../../auth/account-access/account-denylist.service.js';
import { isOver, keyIdOf } from '../../auth/sessions/tokens.rules.js';

/** Why a token is worth nothing; undefined for a failure that says nothing of the token. */
export function invalidReasonOf(error: unknown, token: string): InvalidTokenReason | undefined {
  if (error instanceof RestrictedAccountError) return 'INVALID_TOKEN_REASON_RESTRICTED';
  if (!AuthError.isErrorFromSuperTokens(error)) return undefined;
  if (error.type === SessionError.INVALID_CLAIMS) return 'INVALID_TOKEN_REASON_SECOND_FACTOR';
  if (typeof keyIdOf(token) !== 'string') return 'INVALID_TOKEN_REASON_NOT_OURS';
  if (error.type === SessionError.UNAUTHORISED) return 'INVALID_TOKEN_REASON_ENDED';
  return isOver(token) ? 'INVALID_TOKEN_REASON_EXPIRED' : 'INVALID_TOKEN_REASON_NOT_OURS';
}
