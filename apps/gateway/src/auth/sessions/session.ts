import { ACCESS_TOKEN_LIFE_MS, type Role } from '@fowergram/contracts-user';

/** A session that has been verified. */
export interface Session {
  userId: string;
  handle: string;
  role: Role;
  /** False for an account that has no second factor: with one, nobody is signed in before it was given. */
  hasGivenSecondFactor: boolean;
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

/** What we read of the payload of an access token. */
interface Payload {
  exp: number;
  iat: number;
  role?: Role;
  /** The claim of SecondFactorClaimService. */
  '2fa'?: { v: string };
}

/**
 * Sessions from before there were roles in them are those of users. A token is good for an hour at most, however long the core makes
 * them good for: revocations are remembered for so long.
 */
export function toSession(verified: VerifiedSession): Session {
  const { exp, iat, role = 'USER', '2fa': secondFactor } = verified.getAccessTokenPayload() as Payload;
  return {
    userId: verified.getUserId(),
    handle: verified.getHandle(),
    role,
    hasGivenSecondFactor: secondFactor?.v === 'done',
    expiresAt: Math.min(exp * 1_000, iat * 1_000 + ACCESS_TOKEN_LIFE_MS),
    issuedAt: iat * 1_000,
  };
}
