import { FowergramError } from '../errors.js';
import { type AttemptRules, repeatedly } from '../requests/attempts.js';
import { bodyOf, throwRefused } from '../requests/read-answer.js';
import type { Answer, Request, Transport } from '../requests/transport.js';
import { oneAtATime } from '../surroundings.js';
import type { Credentials } from './credentials.js';

interface FormAnswer {
  status?: string;
  reason?: string;
  formFields?: { id: string; error: string }[];
}

export interface SessionParts {
  url: string;
  transport: Transport;
  credentials: Credentials;
  attempts: AttemptRules;
}

/** The second is for a token that has expired before its request arrived. */
const REFRESHES = 2;

type Listener = (isSignedIn: boolean) => void;

/** Who is signed in, and the one refresh at a time that keeps them so. */
export class Session {
  private readonly listeners = new Set<Listener>();
  private refreshing: Promise<boolean> | undefined;

  constructor(private readonly parts: SessionParts) {}

  /** Makes an account and signs in; throws BAD_USER_INPUT with `details.fields` where a field is wrong. */
  async signUp(email: string, password: string, username: string): Promise<void> {
    // A form has no key: it is sent again only where the server says that nothing of it was begun.
    const nothingBegun = (error: FowergramError) => error.reason === 'OVERLOADED';
    const send = () => this.sendForm('/auth/signup', { email, password, username });
    return repeatedly(this.parts.attempts, undefined, send, nothingBegun);
  }

  /** Signs in; throws WRONG_CREDENTIALS where e-mail and password do not belong together. */
  async signIn(email: string, password: string): Promise<void> {
    // A repeat after a lost answer leaves a session that nobody uses, no more.
    return repeatedly(this.parts.attempts, undefined, () => this.sendForm('/auth/signin', { email, password }));
  }

  /** Ends the session here, and at the server where it can be reached. */
  async signOut(): Promise<void> {
    const { transport, credentials } = this.parts;
    await this.alone(async () => {
      const headers = { ...credentials.formHeaders, ...(await credentials.headers()) };
      try {
        const answer = await transport.post('/auth/signout', { headers, body: {} });
        if (answer.status !== 401) throwRefused(answer, bodyOf(answer));
      } finally {
        await credentials.clear();
        this.notify(false);
      }
    });
  }

  /** A step of the second factor, such as `verify` with `{ code }` (docs/auth.md has all). */
  async secondFactor<T extends object>(
    step: 'enrol' | 'confirm' | 'verify' | 'recovery-codes' | 'disable',
    input: { code?: string; password?: string } = {},
  ): Promise<T> {
    const answer = await this.send(`/auth/second-factor/${step}`, {
      headers: this.parts.credentials.formHeaders,
      body: input,
    });
    const body = bodyOf<T>(answer);
    throwRefused(answer, body);
    return body;
  }

  /** Says whether a session is known here; the server may have ended it. */
  async isSignedIn(): Promise<boolean> {
    return (await this.parts.credentials.mark()) !== null;
  }

  /** Calls with every sign-in and sign-out, also with those in other tabs of cookie mode; returns what ends that. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    const stopListening = this.parts.credentials.onElsewhere(listener);
    return () => {
      this.listeners.delete(listener);
      stopListening();
    };
  }

  /** Sends a request as whoever is signed in; after a 401 it is sent again with what a refresh brought. */
  async send(path: string, request: Request): Promise<Answer> {
    const { credentials } = this.parts;
    for (let refreshes = 0; ; refreshes++) {
      const mark = await credentials.mark();
      const answer = await this.sendOnce(path, request, mark);
      if (answer.status !== 401 || refreshes === REFRESHES || !(await this.refresh(mark))) return answer;
    }
  }

  /** The mark of the session of now, and what a socket shows. */
  async shown(): Promise<{ mark: string | null; headers: Record<string, string> }> {
    const { credentials } = this.parts;
    return { mark: await credentials.mark(), headers: await credentials.headers() };
  }

  /** Refreshes the session that a request was refused with; answers whether somebody is signed in then. */
  refresh(mark: string | null): Promise<boolean> {
    this.refreshing ??= this.alone(() => this.refreshUnlessDone(mark)).finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async refreshUnlessDone(mark: string | null): Promise<boolean> {
    const { credentials, transport, attempts } = this.parts;
    const now = await credentials.mark();
    if (now !== mark) return now !== null;
    // A refresh whose answer got lost is sent again with the same token; the server answers it the same.
    return repeatedly(attempts, undefined, async () => {
      const headers = await credentials.refreshHeaders();
      if (headers === null) return false;
      const answer = await transport.post('/auth/session/refresh', { headers });
      if (answer.status === 401) {
        await credentials.clear();
        this.notify(false);
        return false;
      }
      throwRefused(answer, bodyOf(answer));
      await credentials.keep(answer.headers);
      await credentials.renew();
      return true;
    });
  }

  private async sendOnce(path: string, request: Request, mark: string | null): Promise<Answer> {
    const { credentials, transport } = this.parts;
    const headers = { ...(await credentials.headers()), ...request.headers };
    const answer = await transport.post(path, { ...request, headers });
    // A late answer to whoever was signed in before does not bring them back.
    if ((await credentials.mark()) === mark) await credentials.keep(answer.headers);
    return answer;
  }

  private async sendForm(path: string, fields: Record<string, string>): Promise<void> {
    const { transport, credentials } = this.parts;
    const formFields = Object.entries(fields).map(([id, value]) => ({ id, value }));
    return this.alone(async () => {
      const answer = await transport.post(path, { headers: credentials.formHeaders, body: { formFields } });
      const body = bodyOf<FormAnswer>(answer);
      throwRefused(answer, body);
      if (body.status !== 'OK') throw formError(body);
      await credentials.keep(answer.headers);
      this.notify(true);
    });
  }

  /** No other change of the session happens meanwhile, in any tab. */
  private alone<T>(run: () => Promise<T>): Promise<T> {
    return oneAtATime(`fowergram.session ${this.parts.url}`, run);
  }

  private notify(isSignedIn: boolean): void {
    // What a listener throws is not the failure of a sign-in.
    for (const listener of this.listeners) void Promise.resolve(isSignedIn).then(listener);
  }
}

function formError({ status, reason, formFields = [] }: FormAnswer): FowergramError {
  const fields = Object.fromEntries(formFields.map(({ id, error }) => [id, error]));
  if (status === 'FIELD_ERROR')
    return new FowergramError('A field of the form is wrong.', {
      code: 'BAD_USER_INPUT',
      path: Object.keys(fields),
      fields,
    });
  if (status === 'WRONG_CREDENTIALS_ERROR')
    return new FowergramError('E-mail and password do not belong together.', { code: 'WRONG_CREDENTIALS' });
  return new FowergramError(reason ?? `The form was answered ${status}.`, { code: 'FORBIDDEN', reason: status });
}
