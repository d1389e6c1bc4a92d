/** The part of oidc-provider that our tests use; the package ships no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }
  interface Context {
    oidc: {
      client: { clientId: string };
      session: { accountId: string };
      provider: { Grant: new (of: { clientId: string; accountId: string }) => Grant };
    };
  }
  export interface Configuration {
    clients: object[];
    jwks: { keys: object[] };
    claims: Record<string, string[]>;
    pkce: { required(): boolean };
    features: Record<string, { enabled: boolean }>;
    cookies: { keys: string[] };
    ttl: Record<string, number>;
    interactions: { url(context: unknown, interaction: { uid: string }): string };
    findAccount(
      context: unknown,
      id: string,
    ): Promise<{ accountId: string; claims(use: string): Promise<Record<string, unknown>> } | undefined>;
    loadExistingGrant(context: Context): Promise<Grant>;
  }
  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    interactionDetails(
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<{ params: { login_hint?: string } }>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
      options: { mergeWithLastSubmission: boolean },
    ): Promise<void>;
  }
}
