import { Error as SessionError, type RecipeInterface, type SessionContainer } from 'supertokens-node/recipe/session';
import type { Config } from '../../config.js';

type Deployment = Pick<Config, 'API_DOMAIN'>;

const issuerOf = ({ API_DOMAIN }: Deployment): string => `${API_DOMAIN}/auth`;

const isForeign = (session: SessionContainer, deployment: Deployment): boolean =>
  (session.getAccessTokenPayload() as { iss?: unknown }).iss !== issuerOf(deployment);

/** The key of a token is the core's, and another API may share the core: what was made for that one opens nothing here. */
export function getOwnSession(original: RecipeInterface, deployment: Deployment): RecipeInterface['getSession'] {
  return async (input) => {
    const session = await original.getSession(input);
    if (session && isForeign(session, deployment))
      throw new SessionError({ type: SessionError.TRY_REFRESH_TOKEN, message: 'A token of another issuer.' });
    return session;
  };
}

/** The core repeats the issuer that a session began with, so an API that has moved to another address says its own when it refreshes. */
export async function issueHere(
  session: SessionContainer,
  deployment: Deployment,
  userContext: Parameters<RecipeInterface['refreshSession']>[0]['userContext'],
): Promise<void> {
  if (isForeign(session, deployment))
    await session.mergeIntoAccessTokenPayload({ iss: issuerOf(deployment) }, userContext);
}
