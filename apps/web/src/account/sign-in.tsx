import { type FormEvent, useEffect, useState } from 'react';
import { type FowergramClient, FowergramError } from '@fowergram/client';
import { sentenceOfFailure } from '../parts/failure.js';
import { DemoUsers } from './demo-users.js';
import { Field } from './field.js';
import { ForgottenPassword } from './forgotten-password.js';
import type { MailLinks } from './mail-links.js';

type Fields = Record<string, string>;

/** The first page of a visitor: sign-in, or sign-up. */
export function SignIn({ client, links }: { client: FowergramClient; links: MailLinks }) {
  const [isNew, setIsNew] = useState(false);
  useEffect(() => {
    document.title = `${isNew ? 'Sign up' : 'Sign in'} – Fowergram`;
  }, [isNew]);
  return (
    <main className="entry">
      <div className="brand large">
        <img src="/icon.svg" alt="" width="56" height="56" />
        <h1>Fowergram</h1>
        <p>Photos of those whom you follow. Nothing else.</p>
      </div>
      <SignInForm key={String(isNew)} client={client} isNew={isNew} />
      {!isNew && <ForgottenPassword links={links} />}
      {!isNew && <DemoUsers client={client} />}
      <p className="switch">
        {isNew ? 'You have an account?' : 'New here?'}{' '}
        <button className="link" onClick={() => setIsNew(!isNew)}>
          {isNew ? 'Sign in' : 'Sign up'}
        </button>
      </p>
    </main>
  );
}

function SignInForm({ client: { session }, isNew }: { client: FowergramClient; isNew: boolean }) {
  const [fields, setFields] = useState<Fields>({});
  const [error, setError] = useState<unknown>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { email, password, username } = Object.fromEntries(new FormData(form)) as Fields;
    setIsWaiting(true);
    setError(null);
    setFields({});
    try {
      await (isNew ? session.signUp(email!, password!, username!) : session.signIn(email!, password!));
    } catch (thrown) {
      const wrong = thrown instanceof FowergramError ? thrown.details.fields : undefined;
      if (wrong) setFields(wrong);
      else setError(thrown);
      form.querySelector<HTMLInputElement>(wrong ? `#${Object.keys(wrong)[0]}` : '#password')?.focus();
      setIsWaiting(false);
    }
  };
  return (
    <form className="card form" onSubmit={(event) => void submit(event)} aria-busy={isWaiting}>
      <h2>{isNew ? 'Make an account' : 'Welcome back'}</h2>
      <Field id="email" label="E-mail" type="email" autoComplete="email" problem={fields.email} />
      {isNew && (
        <Field
          id="username"
          label="Username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          help="Others find and mention you by it."
          problem={fields.username}
        />
      )}
      <Field
        id="password"
        label="Password"
        type="password"
        autoComplete={isNew ? 'new-password' : 'current-password'}
        {...(isNew && { help: 'At least 8 characters, including a number.' })}
        problem={fields.password}
      />
      <p role="alert" className="problem">
        {error !== null && sentenceOfFailure(error)}
      </p>
      <button className="primary" disabled={isWaiting}>
        {isNew ? 'Sign up' : 'Sign in'}
      </button>
    </form>
  );
}
