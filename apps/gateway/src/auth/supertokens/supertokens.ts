import { init } from 'supertokens-node';
import UserMetadata from 'supertokens-node/recipe/usermetadata';
import type { Config } from '../../config.js';
import type { RecipeDependencies } from './recipe-dependencies.js';
import { emailPasswordRecipe } from '../login-methods/email-password.recipe.js';
import { emailVerificationRecipe } from '../login-methods/email-verification.recipe.js';
import { passwordlessRecipe } from '../login-methods/passwordless.recipe.js';
import { sessionRecipe } from '../sessions/session.recipe.js';
import { thirdPartyRecipe } from '../login-methods/third-party.recipe.js';

/** Starts the auth SDK; it is one per process by its own design. */
export function startAuth(config: Config, deps: RecipeDependencies): void {
  init({
    framework: 'fastify',
    telemetry: false,
    supertokens: {
      connectionURI: config.SUPERTOKENS_CONNECTION_URI,
      ...(config.SUPERTOKENS_API_KEY ? { apiKey: config.SUPERTOKENS_API_KEY } : {}),
    },
    appInfo: {
      appName: config.APP_NAME,
      apiDomain: config.API_DOMAIN,
      websiteDomain: config.WEBSITE_DOMAIN,
      apiBasePath: '/auth',
    },
    recipeList: [
      emailPasswordRecipe(deps),
      passwordlessRecipe(deps),
      ...(config.SIGN_IN_PROVIDERS.length > 0 ? [thirdPartyRecipe(deps)] : []),
      ...(config.EMAIL_VERIFICATION === 'off'
        ? []
        : [emailVerificationRecipe(config.EMAIL_VERIFICATION === 'required' ? 'REQUIRED' : 'OPTIONAL', deps)]),
      sessionRecipe(deps),
      UserMetadata.init(),
    ],
  });
}
