import { useStore } from 'zustand';
import type { MailLinks } from '../account/mail-links.js';
import { OneMoreStep } from '../account/one-more-step.js';
import { SignIn } from '../account/sign-in.js';
import { AppContext } from '../state/use-app.js';
import type { Entry } from './entry.js';
import { Shell } from './shell.js';

/** The page of whoever visits. */
export function App({ entry, links }: { entry: Entry; links: MailLinks }) {
  const { visitor } = useStore(entry.store);
  switch (visitor.kind) {
    case 'SIGNED_IN':
      return (
        <AppContext.Provider value={visitor.app} key={visitor.app.me.id}>
          <Shell />
        </AppContext.Provider>
      );
    case 'SIGNED_OUT':
      return <SignIn client={entry.client} links={links} />;
    case 'ONE_MORE_STEP':
      return <OneMoreStep entry={entry} reason={visitor.reason} />;
    case 'UNKNOWN':
      return visitor.error ? <Unreachable error={visitor.error} entry={entry} /> : <Starting />;
  }
}

function Starting() {
  return (
    <main className="entry" aria-busy="true">
      <p role="status" className="late">
        Connecting …
      </p>
    </main>
  );
}

function Unreachable({ error, entry }: { error: Error; entry: Entry }) {
  return (
    <main className="entry">
      <h1>Fowergram cannot be reached</h1>
      <p role="alert">{error.message}</p>
      <button className="primary" onClick={() => void entry.open()}>
        Try again
      </button>
    </main>
  );
}
