import { ACCESS_TOKEN_LIFE_MS, type Role } from '@fowergram/contracts-user';

/** A session that has been verified. */
export interface Session {
  userId: string;
  handle: string;
  role: Role;
  /** Epoch milliseconds after which the access token is worth nothing. */
  expiresAt: number;
  /** Epoch milliseconds, cut to the second, at which the access token was made. */
  issuedAt: number;
}

/** What the SDK's object of a verified session says. */
interface VerifiedSession {
  getUserId(): string;
  getHandle(): string;
  getAccessTokenPayload(): unknown;
}

/**
 * Sessions from before there were roles in them are those of users. A token is good for an hour at most, however long the core makes
 * them good for: revocations are remembered for so long.
 */
export function toSession(verified: VerifiedSession): Session {
  const { exp, iat, role = 'USER' } = verified.getAccessTokenPayload() as { exp: number; iat: number; role?: Role };
  return {
    userId: verified.getUserId(),
    handle: verified.getHandle(),
    role,
    expiresAt: Math.min(exp * 1_000, iat * 1_000 + ACCESS_TOKEN_LIFE_MS),
    issuedAt: iat * 1_000,
  };
}
