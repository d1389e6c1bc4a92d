/** A session that has been verified. */
export interface Session {
  userId: string;
  handle: string;
  /** Epoch milliseconds after which the access token is worth nothing. */
  expiresAt: number;
}
