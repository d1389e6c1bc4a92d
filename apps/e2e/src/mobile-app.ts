import { snippets } from './snippets.js';

/** What docs/auth.md gives app developers, as far as the tests use it. */
export interface MobileClient {
  store: { access?: string; refresh?: string };
  signUp(
    email: string,
    password: string,
    username: string,
  ): Promise<{ status: string; formFields?: { id: string; error: string }[] }>;
  signIn(email: string, password: string): Promise<{ status: string }>;
  signOut(): Promise<void>;
  graphql<T>(query: string, variables?: object): Promise<T>;
  secondFactor<T>(action: string, body?: object): Promise<T>;
  socketParams(): Record<string, string>;
}

export type MobileApp = new (url: string, store?: object) => MobileClient;

/** The client class of docs/auth.md as it stands there. */
export async function mobileApp(): Promise<MobileApp> {
  const code = snippets('auth.md', 'mobile');
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { FowergramClient: MobileApp };
  return module.FowergramClient;
}
