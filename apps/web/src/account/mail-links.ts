import { FowergramError } from '@fowergram/client';

interface Answer {
  status: string;
  formFields?: { error: string }[];
}

/** The mails with links, and what the links ask of the API: docs/auth.md has these forms, the client has not. */
export class MailLinks {
  constructor(private readonly apiUrl: string) {}

  /** Sends a mail where there is such an account; nobody learns whether there is one. */
  async askForReset(email: string): Promise<void> {
    await this.send('/auth/user/password/reset/token', { formFields: [{ id: 'email', value: email }] });
  }

  async verifyEmail(token: string): Promise<void> {
    await this.send('/auth/user/email/verify', { method: 'token', token });
  }

  async resetPassword(token: string, password: string): Promise<void> {
    const formFields = [{ id: 'password', value: password }];
    await this.send('/auth/user/password/reset', { method: 'token', token, formFields });
  }

  private async send(path: string, body: object): Promise<void> {
    const response = await fetch(this.apiUrl + path, {
      method: 'POST',
      credentials: 'include',
      headers: { 'content-type': 'application/json', rid: 'anti-csrf' },
      body: JSON.stringify(body),
    }).catch((cause: unknown) => {
      throw new FowergramError('The server cannot be reached.', { code: 'NETWORK' }, { cause });
    });
    const { status, formFields } = (await response.json().catch(() => ({ status: 'BAD_ANSWER' }))) as Answer;
    if (status === 'OK') return;
    const message = formFields?.[0]?.error ?? 'This link is used or too old. Ask for another.';
    throw new FowergramError(message, { code: 'BAD_USER_INPUT', reason: status });
  }
}
