import { randomBytes, randomUUID } from 'node:crypto';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface GraphqlFailure {
  message: string;
  path?: (string | number)[];
  extensions: { code: string; path?: (string | number)[]; reason?: string };
}

export interface GraphqlAnswer<T> {
  data?: T | null;
  errors?: GraphqlFailure[];
}

/** Thrown when an answer has errors; `code` is that of the first one. */
export class GraphqlError extends Error {
  constructor(readonly errors: GraphqlFailure[]) {
    super(errors.map((error) => `${error.extensions?.code}: ${error.message}`).join('; '));
  }

  get code(): string | undefined {
    return this.errors[0]?.extensions?.code;
  }
}

export interface RequestOptions {
  idempotencyKey?: string;
  /** The trace that the operation is a part of. */
  traceparent?: string;
  /** By which the request is found again. */
  correlationId?: string;
}

export interface SignUpForm {
  email: string;
  password: string;
  username: string;
}

/** What the sign-up or sign-in form was answered. */
export interface FormAnswer {
  status?: string;
  /** Of a failure, such as FORBIDDEN. */
  code?: string;
  reason?: string;
  formFields?: { id: string; error: string }[];
  user?: { id: string };
}

/** An app on somebody's phone: speaks to the gateway as a client would, in header mode. */
export class AppClient {
  private accessToken: string | undefined;
  private refreshToken: string | undefined;
  /** Every phone has an address of its own, where the gateway trusts the header. */
  private readonly address = `10.${randomBytes(3).join('.')}`;

  constructor(
    readonly url: string,
    private readonly timeoutMs = 10_000,
  ) {}

  get token(): string | undefined {
    return this.accessToken;
  }

  async signUp({ email, password, username }: SignUpForm): Promise<FormAnswer> {
    return this.sendForm('/auth/signup', { email, password, username });
  }

  async signIn(email: string, password: string): Promise<FormAnswer> {
    return this.sendForm('/auth/signin', { email, password });
  }

  /** Exchanges the refresh token; returns the HTTP status. */
  async refresh(): Promise<number> {
    const response = await this.fetch('/auth/session/refresh', {
      headers: { authorization: `Bearer ${this.refreshToken}` },
    });
    this.keepTokens(response);
    return response.status;
  }

  /** Takes a step of the second factor, such as `enrol`; throws when it is not answered 200. */
  async secondFactor<T>(step: string, body: object): Promise<T> {
    const response = await this.fetch(`/auth/second-factor/${step}`, {
      headers: { ...this.authorization(), 'content-type': 'application/json', 'st-auth-mode': 'header' },
      body: JSON.stringify(body),
    });
    this.keepTokens(response);
    const text = await response.text();
    if (!response.ok) throw new Error(`The gateway answered ${response.status} ${text.slice(0, 200)}`);
    return JSON.parse(text) as T;
  }

  async signOut(): Promise<void> {
    await this.fetch('/auth/signout', { headers: this.authorization() });
    this.accessToken = undefined;
  }

  /** Runs one operation and returns its data; throws GraphqlError when the answer has errors. */
  async request<T>(query: string, variables: object = {}, options: RequestOptions = {}): Promise<T> {
    const { data, errors } = await this.answer<T>(query, variables, options);
    if (errors) throw new GraphqlError(errors);
    return data as T;
  }

  /** Runs one operation and returns the whole answer. */
  async answer<T>(
    query: string,
    variables: object = {},
    { idempotencyKey, traceparent, correlationId }: RequestOptions = {},
  ): Promise<GraphqlAnswer<T>> {
    const response = await this.fetch('/graphql', {
      headers: {
        ...this.authorization(),
        'content-type': 'application/json',
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
        ...(traceparent ? { traceparent } : {}),
        ...(correlationId ? { 'x-correlation-id': correlationId } : {}),
      },
      body: JSON.stringify({ query, variables }),
    });
    this.keepTokens(response);
    const text = await response.text();
    try {
      return JSON.parse(text) as GraphqlAnswer<T>;
    } catch {
      throw new Error(`The gateway answered ${response.status} ${text.slice(0, 200)}`);
    }
  }

  /** Asks an address of REST; `body` is what it answers, or the problem. */
  async rest(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      signal: AbortSignal.timeout(this.timeoutMs),
      headers: {
        'x-forwarded-for': this.address,
        ...this.authorization(),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** Opens a WebSocket session with this client's token; the caller disposes it. */
  socket(): Client {
    return createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: this.authorization(),
      retryAttempts: 0,
      generateID: () => randomUUID(),
    });
  }

  private authorization(): Record<string, string> {
    return this.accessToken ? { authorization: `Bearer ${this.accessToken}` } : {};
  }

  private async sendForm(path: string, fields: Record<string, string>): Promise<FormAnswer> {
    const formFields = Object.entries(fields).map(([id, value]) => ({ id, value }));
    const response = await this.fetch(path, {
      headers: { 'content-type': 'application/json', 'st-auth-mode': 'header' },
      body: JSON.stringify({ formFields }),
    });
    this.keepTokens(response);
    return (await response.json()) as FormAnswer;
  }

  private fetch(path: string, init: { headers: Record<string, string>; body?: string }): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      signal: AbortSignal.timeout(this.timeoutMs),
      ...init,
      headers: { 'x-forwarded-for': this.address, ...init.headers },
    });
  }

  private keepTokens(response: Response): void {
    this.accessToken = response.headers.get('st-access-token') ?? this.accessToken;
    this.refreshToken = response.headers.get('st-refresh-token') ?? this.refreshToken;
  }
}
