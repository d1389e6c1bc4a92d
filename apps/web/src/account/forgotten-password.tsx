import { type FormEvent, useState } from 'react';
import { sentenceOfFailure } from '../parts/failure.js';
import { Field } from './field.js';
import type { MailLinks } from './mail-links.js';

/** Asks for a mail with a link to a new password. */
export function ForgottenPassword({ links, isOpen = false }: { links: MailLinks; isOpen?: boolean }) {
  const [isSent, setIsSent] = useState(false);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      await links.askForReset(String(new FormData(event.currentTarget).get('address')));
      setIsSent(true);
    } catch (error) {
      setProblem(sentenceOfFailure(error));
    }
  };
  return (
    <details className="forgotten" open={isOpen}>
      <summary>Forgot your password?</summary>
      {isSent ? (
        <p role="status">If there is such an account, a mail with a link is on its way.</p>
      ) : (
        <form className="card form" onSubmit={(event) => void submit(event)}>
          <Field id="address" label="Address of your account" type="email" autoComplete="email" problem={problem} />
          <button>Send me a link</button>
        </form>
      )}
    </details>
  );
}
