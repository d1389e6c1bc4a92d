import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { Provider } from 'oidc-provider';

/** Somebody with an account at the issuer. */
export interface IssuerAccount {
  email?: string;
  email_verified?: boolean;
}

const CLIENT = { client_id: 'fowergram-test', client_secret: 'a-secret-of-the-tests' };
const KEY_ID = 'the-key';

/** Starts a real OpenID Connect issuer: discovery, authorisation with PKCE, tokens, keys, user info. Whoever comes is signed in without a page. */
export async function startIssuer(redirectUri: string): Promise<OidcIssuer> {
  const issuer = new OidcIssuer(redirectUri);
  await issuer.listen();
  return issuer;
}

export class OidcIssuer {
  readonly client = CLIENT;
  readonly accounts = new Map<string, IssuerAccount>();
  /** What the issuer does with requests of servers (of browsers it takes every one). */
  mode: 'works' | 'fails' | 'stalls' = 'works';
  /** Where the claims about an address are given: an issuer may choose. */
  emailIn: 'userinfo' | 'id_token' = 'userinfo';
  /** What it says of everybody at its user info endpoint, where it is to tell something false. */
  falseUserInfo: object | undefined;
  private readonly server: Server = createServer((request, response) => this.answer(request, response));
  private handle: (request: IncomingMessage, response: ServerResponse) => void;
  private key: CryptoKey;
  private provider: Provider;

  constructor(private readonly redirectUri: string) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.key = privateKey;
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.provider = new Provider(this.url, {
      clients: [{ ...CLIENT, redirect_uris: [this.redirectUri], token_endpoint_auth_method: 'client_secret_post' }],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: KEY_ID, use: 'sig', alg: 'RS256' }] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      // As older issuers are: whoever sends no challenge is asked for no proof.
      pkce: { required: () => false },
      features: { devInteractions: { enabled: false } },
      cookies: { keys: [randomBytes(16).toString('hex')] },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, id) =>
        Promise.resolve(
          this.accounts.has(id)
            ? { accountId: id, claims: (use) => Promise.resolve(this.claimsOf(id, use)) }
            : undefined,
        ),
      loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope('openid email');
        await grant.save();
        return grant;
      },
    });
    this.handle = this.provider.callback();
  }

  /** Makes an account at the issuer; answers its id there. */
  add(account: IssuerAccount): string {
    const id = randomBytes(8).toString('hex');
    this.accounts.set(id, account);
    return id;
  }

  /** What a browser does with an authorisation address: follows it, signs in, and comes back with these parameters. */
  async browse(authorisationUrl: string, accountId: string): Promise<Record<string, string>> {
    const cookies = new Map<string, string>();
    let next = new URL(authorisationUrl);
    next.searchParams.set('login_hint', accountId);
    for (let hop = 0; hop < 10; hop++) {
      const response = await fetch(next, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      });
      for (const cookie of response.headers.getSetCookie())
        cookies.set(cookie.slice(0, cookie.indexOf('=')), cookie.slice(cookie.indexOf('=') + 1).split(';')[0]!);
      const location = response.headers.get('location');
      if (location === null) throw new Error(`the issuer answered ${response.status}: ${await response.text()}`);
      if (location.startsWith(this.redirectUri)) return Object.fromEntries(new URL(location).searchParams);
      next = new URL(location, next);
    }
    throw new Error('the issuer goes round in circles');
  }

  /** An ID token as this issuer signs it, by default. */
  idToken(claims: JWTPayload, key: CryptoKey | Uint8Array = this.key, alg = 'RS256'): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ iss: this.url, aud: CLIENT.client_id, iat: now, exp: now + 600, ...claims })
      .setProtectedHeader({ alg, kid: KEY_ID })
      .sign(key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private claimsOf(id: string, use: string): Record<string, unknown> {
    const tellsEmail = use === 'userinfo' || this.emailIn === 'id_token';
    return { sub: id, ...(tellsEmail ? this.accounts.get(id) : {}) };
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url?.startsWith('/interaction/')) return void this.signIn(request, response);
    if (this.falseUserInfo && request.url === '/me')
      return void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(this.falseUserInfo));
    if (this.mode === 'fails') return void response.writeHead(500).end('{}');
    if (this.mode === 'works') this.handle(request, response);
  }

  private async signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = await this.provider.interactionDetails(request, response);
    await this.provider.interactionFinished(
      request,
      response,
      { login: { accountId: params.login_hint } },
      { mergeWithLastSubmission: false },
    );
  }
}
