import { listUsersByAccountInfo } from 'supertokens-node';
import ThirdParty, { type APIInterface, type RecipeInterface } from 'supertokens-node/recipe/thirdparty';
import { badInput } from '@fowergram/contracts-core';
import type { Config } from '../../config.js';
import type { RecipeDependencies } from '../supertokens/recipe-dependencies.js';
import { TENANT } from '../supertokens/core.js';
import { ProviderCalls } from './provider-calls.js';
import { isOidc, providerInputs } from './provider-inputs.js';
import { EmailAddress, type EmailUniquenessService, useOtherLoginMethod } from './email-uniqueness.service.js';
import { isOwnOrigin } from '../sessions/origins.rules.js';
import { signInContext } from '../supertokens/sign-in-context.js';

type SignInUp = RecipeInterface['signInUp'];
type SignInUpInput = Parameters<SignInUp>[0];

const UNVERIFIED = 'Your e-mail address is not verified there. Please verify it and try again.';

/** Google, GitHub, Apple, and whoever else is configured and speaks OpenID Connect. */
export function thirdPartyRecipe(deps: RecipeDependencies): ReturnType<typeof ThirdParty.init> {
  const { config } = deps;
  const calls = new ProviderCalls(config.SUPERTOKENS_CONNECTION_URI);
  return ThirdParty.init({
    signInAndUpFeature: { providers: providerInputs(config.SIGN_IN_PROVIDERS, calls) },
    override: {
      apis: (original) => ({ ...original, ...thirdPartyApis(original, config) }),
      functions: (original) => ({
        ...original,
        getProvider: (input) => {
          checkClient(config, input.thirdPartyId, input.clientType);
          return calls.run(() => original.getProvider(input));
        },
        signInUp: signInUpFunction(original, deps),
      }),
    },
  });
}

function thirdPartyApis(original: APIInterface, config: Config): APIInterface {
  return {
    authorisationUrlGET: (input) => {
      checkRedirect(config, input.redirectURIOnProviderDashboard, ['redirectURIOnProviderDashboard']);
      return original.authorisationUrlGET!(input);
    },
    signInUpPOST: (input) => {
      signInContext(input.userContext).method = 'THIRD_PARTY';
      if ('redirectURIInfo' in input && input.redirectURIInfo !== undefined) {
        checkRedirect(config, input.redirectURIInfo.redirectURIOnProviderDashboard, [
          'redirectURIInfo',
          'redirectURIOnProviderDashboard',
        ]);
        return original.signInUpPOST!(input);
      }
      // An app on a phone has the token from the system. Only what the provider signed for this app counts, and nothing else of what was sent.
      const token = 'oAuthTokens' in input ? (input.oAuthTokens as { id_token?: unknown } | null)?.id_token : undefined;
      if (typeof token !== 'string' || !isOidc(input.provider.id))
        throw badInput(['oAuthTokens', 'id_token'], 'This provider needs an ID token or a code.');
      return original.signInUpPOST!({ ...input, oAuthTokens: { id_token: token } });
    },
    appleRedirectHandlerPOST: async (input) => {
      checkRedirect(config, frontendOf(input.formPostInfoFromProvider), ['state']);
      // On Fastify the SDK loses the status that it has set: a browser would not go on.
      (input.options.res.original as { code(status: number): void }).code(303);
      await original.appleRedirectHandlerPOST!(input);
    },
  };
}

/** Codes are sent to our own pages and nowhere else, whatever is registered with the provider. */
function checkRedirect(config: Config, address: unknown, path: string[]): void {
  const isOurs = typeof address === 'string' && isOwnAddress(address, config);
  if (!isOurs) throw badInput(path, 'This address is none of this app.', 'REDIRECT_NOT_ALLOWED');
}

/** Its text begins with the origin that a parser reads from it: no name, no backslash, nothing that somebody else reads in another way. */
function isOwnAddress(address: string, config: Config): boolean {
  if (!URL.canParse(address)) return false;
  const { origin } = new URL(address);
  return isOwnOrigin(origin, config) && (address === origin || address.startsWith(`${origin}/`));
}

/** Where Apple's answer is to be sent on to, as the page that started wrote it in the state. */
function frontendOf(form: Record<string, unknown> | null | undefined): unknown {
  try {
    return (JSON.parse(Buffer.from(String(form?.state), 'base64').toString()) as { frontendRedirectURI?: unknown })
      .frontendRedirectURI;
  } catch {
    return undefined;
  }
}

function checkClient({ SIGN_IN_PROVIDERS }: Config, id: string, clientType: string | undefined): void {
  const clients = SIGN_IN_PROVIDERS.filter((each) => each.id === id);
  if (clients.length === 0) throw badInput(['thirdPartyId'], 'There is no such sign-in provider.');
  if (clientType === undefined ? clients.length > 1 : !clients.some((each) => each.clientType === clientType))
    throw badInput(['clientType'], 'There is no such client of this sign-in provider.');
}

/** Signs in whoever the provider knows; a new account needs an address that is verified there and has no account here. */
function signInUpFunction(original: RecipeInterface, { emailUniqueness }: RecipeDependencies): SignInUp {
  return async (input) => {
    const known = await knownEmail(input);
    const email = EmailAddress.safeParse(input.email).data;
    if (known !== undefined) return comeAgain(original, input, known, email, emailUniqueness);
    if (email === undefined || !input.isVerified) return notAllowed(UNVERIFIED);
    const [loginMethod] = await emailUniqueness.loginMethodsOf(email, input.userContext);
    if (loginMethod) {
      // The account may be this user's own, made meanwhile: of one who came twice at once.
      const { thirdPartyId, thirdPartyUserId } = input;
      // Without the context: the SDK keeps in it what the core has answered before.
      const madeMeanwhile = await knownEmail({ thirdPartyId, thirdPartyUserId });
      if (madeMeanwhile) return comeAgain(original, input, madeMeanwhile, email, emailUniqueness);
      return notAllowed(useOtherLoginMethod(loginMethod.name));
    }
    const result = await original.signInUp(input);
    if (result.status !== 'OK' || !result.createdNewRecipeUser) return result;
    const faster = await emailUniqueness.deleteDuplicate(result.user, email);
    if (faster !== undefined) return notAllowed(useOtherLoginMethod(faster));
    signInContext(input.userContext).isNewAccount = true;
    return result;
  };
}

/** Users may have another address there by now. It becomes theirs here if it can, and if not they come in all the same. */
async function comeAgain(
  original: RecipeInterface,
  input: SignInUpInput,
  known: Known,
  email: string | undefined,
  emailUniqueness: EmailUniquenessService,
): ReturnType<SignInUp> {
  if (known.email === email) return original.signInUp(input);
  const withFormer = { ...input, email: known.email, isVerified: false };
  if (email === undefined || !input.isVerified || (await emailUniqueness.isTaken(email, known.userId)))
    return original.signInUp(withFormer);
  const result = await original.signInUp(input);
  // Somebody may have been faster: of two that take an address at once at least one sees the other and goes back.
  return (await emailUniqueness.isTaken(email, known.userId)) ? original.signInUp(withFormer) : result;
}

const notAllowed = (reason: string) => ({ status: 'SIGN_IN_UP_NOT_ALLOWED', reason }) as const;

interface Known {
  userId: string;
  email: string;
}

async function knownEmail({
  thirdPartyId: id,
  thirdPartyUserId: userId,
  userContext,
}: Pick<SignInUpInput, 'thirdPartyId' | 'thirdPartyUserId'> & Partial<SignInUpInput>): Promise<Known | undefined> {
  const [user] = await listUsersByAccountInfo(TENANT, { thirdParty: { id, userId } }, false, userContext);
  const method = user?.loginMethods.find((each) => each.hasSameThirdPartyInfoAs({ id, userId }));
  return user && method?.email !== undefined ? { userId: user.id, email: method.email } : undefined;
}
