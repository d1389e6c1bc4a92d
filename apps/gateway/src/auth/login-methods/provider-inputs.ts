import { hash } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { ProviderInput, TypeProvider, UserInfo } from 'supertokens-node/lib/build/recipe/thirdparty/types.js';
import { type ProviderCalls, refused } from './provider-calls.js';
import type { SignInProvider } from './sign-in-providers.config.js';

type OauthProvider = Extract<TypeProvider, { type: 'oauth2' }>;
type Claims = Record<string, unknown>;

const ISSUERS: Record<string, string[]> = {
  google: ['https://accounts.google.com', 'accounts.google.com'],
  apple: ['https://appleid.apple.com'],
};

/** GitHub alone signs nothing: what it says is asked for with the token that it gave for the code. */
export const isOidc = (id: string): boolean => id !== 'github';

/** What the SDK gets of the configured providers; those with one id are clients of one provider. */
export function providerInputs(given: SignInProvider[], calls: ProviderCalls): ProviderInput[] {
  const ids = [...new Set(given.map((each) => each.id))];
  return ids.map((id) => {
    const entries = given.filter((each) => each.id === id);
    const first = entries[0]!;
    const issuers = 'issuer' in first ? [first.issuer] : (ISSUERS[id] ?? []);
    return {
      config: {
        thirdPartyId: id,
        ...ownSettings(first),
        clients: entries.map(toClient),
        validateIdTokenPayload: ({ idTokenPayload }) => checkIssuer(idTokenPayload, issuers),
      },
      override: (provider) => (provider.type === 'oauth2' ? guarded(provider, calls) : provider),
    };
  });
}

/** Named so that the SDK does not take a provider called gitlab-of-ours for the Gitlab that it knows. */
const ownSettings = (given: SignInProvider) =>
  'issuer' in given
    ? {
        thirdPartyImplementation: 'oidc',
        name: given.name,
        oidcDiscoveryEndpoint: `${withoutSlash(given.issuer)}/.well-known/openid-configuration`,
      }
    : {};

function toClient(given: SignInProvider) {
  const client = {
    clientId: given.clientId,
    ...(given.clientType === undefined ? {} : { clientType: given.clientType }),
  };
  if ('keyId' in given)
    return { ...client, additionalConfig: { keyId: given.keyId, teamId: given.teamId, privateKey: given.privateKey } };
  const secret = given.clientSecret === undefined ? {} : { clientSecret: given.clientSecret };
  return 'issuer' in given ? { ...client, ...secret, scope: given.scope, forcePKCE: true } : { ...client, ...secret };
}

function checkIssuer({ iss }: Claims, issuers: string[]): Promise<void> {
  if (!issuers.some((issuer) => typeof iss === 'string' && withoutSlash(iss) === withoutSlash(issuer))) throw refused();
  return Promise.resolve();
}

/** Adds what the SDK leaves out: an end to each call, the nonce, the proof of possession, and a second look at who the tokens speak of. */
function guarded(provider: OauthProvider, calls: ProviderCalls): OauthProvider {
  const signs = isOidc(provider.id);
  return {
    ...provider,
    getAuthorisationRedirectURL: async (input) => {
      const made = await calls.run(() => provider.getAuthorisationRedirectURL(input));
      if (!signs || made.pkceCodeVerifier === undefined) return made;
      const url = new URL(made.urlWithQueryParams);
      url.searchParams.set('nonce', nonceOf(made.pkceCodeVerifier));
      return { ...made, urlWithQueryParams: url.href };
    },
    exchangeAuthCodeForOAuthTokens: async (input) => {
      const verifier = input.redirectURIInfo.pkceCodeVerifier;
      if (verifier === undefined && asksForProof(provider)) throw refused();
      const tokens = (await calls.run(() => provider.exchangeAuthCodeForOAuthTokens(input))) as Claims;
      if (signs && verifier !== undefined && claimsOf(tokens.id_token).nonce !== nonceOf(verifier)) throw refused();
      return tokens;
    },
    getUserInfo: async (input) => {
      const { id_token: token } = input.oAuthTokens as Claims;
      // Without it anybody's access token, given to any other app, would open the account here.
      if (signs && typeof token !== 'string') throw refused();
      const info = await calls.run(() => provider.getUserInfo(input));
      return signs ? { ...info, ...emailOf(info) } : info;
    },
  };
}

/** The SDK sends a challenge in these cases; whoever comes back without the answer to it did not start here. */
const asksForProof = ({ config }: OauthProvider): boolean =>
  Boolean(config.forcePKCE) ||
  config.clientSecret === undefined ||
  Boolean(config.codeChallengeMethodsSupported?.includes('S256'));

/** One secret, the verifier, ties both the code and the token to the browser that asked. */
const nonceOf = (verifier: string): string => hash('sha256', `nonce:${verifier}`, 'base64url');

function claimsOf(token: unknown): Claims {
  try {
    return decodeJwt(token as string);
  } catch (error) {
    throw refused(error);
  }
}

/** The SDK takes an address as unverified where only the second source says that it is: both are asked here. */
function emailOf({ rawUserInfoFromProvider: raw }: UserInfo): { email: UserInfo['email'] } {
  const token: Claims = raw.fromIdTokenPayload ?? {};
  const userInfo: Claims = raw.fromUserInfoAPI ?? {};
  if (userInfo.sub !== undefined && userInfo.sub !== token.sub) throw refused();
  const id = token.email ?? userInfo.email;
  if (typeof id !== 'string') return { email: undefined };
  const isVerified = [token, userInfo].some(
    (claims) => claims.email === id && String(claims.email_verified) === 'true',
  );
  return { email: { id, isVerified } };
}

const withoutSlash = (address: string): string => address.replace(/\/$/, '');
