import { Error as AuthError } from 'supertokens-node';
import { Error as SessionError } from 'supertokens-node/recipe/session';

const BAD: ReadonlySet<string> = new Set([SessionError.UNAUTHORISED, SessionError.TRY_REFRESH_TOKEN]);

/** Whether somebody was refused for the token: it is over, false, or of an account that is kept out. */
export const isBadToken = (error: unknown): boolean => AuthError.isErrorFromSuperTokens(error) && BAD.has(error.type);
