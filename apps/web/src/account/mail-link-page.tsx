import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Failure, sentenceOfFailure } from '../parts/failure.js';
import { Field } from './field.js';
import { ForgottenPassword } from './forgotten-password.js';
import type { MailLinks } from './mail-links.js';

/** Where the links in mails lead: `/auth/verify-email` and `/auth/reset-password`. */
export function MailLinkPage({ links }: { links: MailLinks }) {
  const token = new URLSearchParams(location.search).get('token') ?? '';
  const isReset = location.pathname === '/auth/reset-password';
  return (
    <main className="entry">
      {isReset && token && <ResetPassword links={links} token={token} />}
      {isReset && !token && <ForgottenPassword links={links} isOpen />}
      {!isReset && <VerifyEmail links={links} token={token} />}
      <a href="/" className="button">
        To Fowergram
      </a>
    </main>
  );
}

function VerifyEmail({ links, token }: { links: MailLinks; token: string }) {
  const [state, setState] = useState<'WAITING' | 'DONE'>('WAITING');
  const [error, setError] = useState<unknown>(null);
  const asked = useRef('');
  useEffect(() => {
    // A token is good once.
    if (asked.current === token) return;
    asked.current = token;
    links.verifyEmail(token).then(() => setState('DONE'), setError);
  }, [links, token]);
  return (
    <>
      <h1>Your e-mail address</h1>
      <p role="status">{state === 'DONE' ? 'It is verified. Thank you.' : !error && 'One moment …'}</p>
      <Failure error={error} />
    </>
  );
}

function ResetPassword({ links, token }: { links: MailLinks; token: string }) {
  const [isDone, setIsDone] = useState(false);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('password'));
    try {
      await links.resetPassword(token, password);
      setIsDone(true);
    } catch (error) {
      setProblem(sentenceOfFailure(error));
    }
  };
  return (
    <>
      <h1>A new password</h1>
      {isDone ? (
        <p role="status">It is changed. Sign in with it.</p>
      ) : (
        <form className="card form" onSubmit={(event) => void submit(event)}>
          <Field id="password" label="New password" type="password" autoComplete="new-password" problem={problem} />
          <button className="primary">Change it</button>
        </form>
      )}
    </>
  );
}
