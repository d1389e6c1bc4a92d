import { type FormEvent, useState } from 'react';
import type { Entry } from '../app/entry.js';
import { sentenceOfFailure } from '../parts/failure.js';
import { Field } from './field.js';

/** What the server wants of a user before it lets them in. */
export function OneMoreStep({ entry, reason }: { entry: Entry; reason: string }) {
  return (
    <main className="entry">
      <h1>One more step</h1>
      {reason === 'SECOND_FACTOR' ? <CodeForm entry={entry} /> : <FollowTheLink entry={entry} />}
      <button className="link" onClick={() => void entry.client.session.signOut().catch(() => undefined)}>
        Sign out
      </button>
    </main>
  );
}

function FollowTheLink({ entry }: { entry: Entry }) {
  return (
    <div className="card form">
      <p>We have sent you a mail. Follow its link, then come back here.</p>
      <button className="primary" onClick={() => void entry.open()}>
        I have followed it
      </button>
    </div>
  );
}

function CodeForm({ entry }: { entry: Entry }) {
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code'));
    try {
      await entry.client.session.secondFactor('verify', { code });
      await entry.open();
    } catch (error) {
      setProblem(sentenceOfFailure(error));
    }
  };
  return (
    <form className="card form" onSubmit={(event) => void submit(event)}>
      <Field
        id="code"
        label="Code"
        autoComplete="one-time-code"
        help="Six digits of your authenticator app."
        problem={problem}
      />
      <button className="primary">Continue</button>
    </form>
  );
}
