import { useCallback, useState } from 'react';
import { mySessions, revokeOtherSessions, revokeSession, type Session } from '@fowergram/client/operations';
import { Failure } from '../parts/failure.js';
import { Icon } from '../parts/icon.js';
import { Page } from '../parts/page.js';
import { Time } from '../parts/time.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useApp } from '../state/use-app.js';

/** Where the user is signed in, and how to end that. */
export function SessionsPage() {
  const { client } = useApp();
  const load = useCallback(
    async (signal: AbortSignal) => (await client.request(mySessions, undefined, { signal })).mySessions ?? [],
    [client],
  );
  const { data: sessions, error, reload } = useLoaded(load);
  const [failure, setFailure] = useState<unknown>(null);
  const [said, setSaid] = useState('');
  const end = (ending: Promise<unknown>, what: string) => {
    setFailure(null);
    ending.then(() => {
      setSaid(what);
      reload();
    }, setFailure);
  };
  return (
    <Page title="Sessions">
      <p className="faint">Every browser and device in which you are signed in.</p>
      <p role="status" className="unseen">
        {said}
      </p>
      <Failure error={error ?? failure} onRetry={reload} />
      <ul className="card rows">
        {sessions?.map((session) => (
          <Row
            key={session.id}
            session={session}
            onEnd={() => end(client.request(revokeSession, { id: session.id }), `Signed out of ${session.device}.`)}
          />
        ))}
      </ul>
      {sessions && sessions.length > 1 && (
        <button onClick={() => end(client.request(revokeOtherSessions), 'Signed out everywhere else.')}>
          Sign out everywhere else
        </button>
      )}
    </Page>
  );
}

function Row({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { device, ipAddress, lastUsedAt, isCurrent } = session;
  return (
    <li className="row">
      <Icon name="device" />
      <div className="grow">
        <p className="name">{device}</p>
        <p className="faint">
          {ipAddress} · last used <Time at={lastUsedAt} />
        </p>
      </div>
      {isCurrent ? (
        <span className="badge">This one</span>
      ) : (
        <button onClick={onEnd}>
          Sign out<span className="unseen"> of {device}</span>
        </button>
      )}
    </li>
  );
}
