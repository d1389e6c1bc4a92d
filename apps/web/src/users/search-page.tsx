import { useCallback, useEffect, useState } from 'react';
import { searchUsers, suggestedUsers } from '@fowergram/client/operations';
import { Failure } from '../parts/failure.js';
import { Page } from '../parts/page.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useApp } from '../state/use-app.js';
import { UserRow } from './user-row.js';

const ASK_AFTER_MS = 250;
const SHOWN = 20;

/** Finds users by their names; before anything is typed, those whom the viewer may know. */
export function SearchPage() {
  const { client } = useApp();
  const [text, setText] = useState('');
  const asked = useLater(text.trim());
  const load = useCallback(
    async (signal: AbortSignal) => {
      const list = asked
        ? (await client.request(searchUsers, { query: asked, first: SHOWN }, { signal })).searchUsers
        : (await client.request(suggestedUsers, { first: SHOWN }, { signal })).suggestedUsers;
      return { asked, users: list?.edges.map(({ node }) => node) ?? [] };
    },
    [client, asked],
  );
  const { data, error, reload } = useLoaded(load);
  const heading = data?.asked ? `Found for “${data.asked}”` : 'You may know';
  const nobody = data?.asked ? 'Nobody.' : 'Nobody whom you do not follow already. Search for a name.';
  return (
    <Page title="Search">
      <form role="search" onSubmit={(event) => event.preventDefault()}>
        <label htmlFor="search" className="unseen">
          Name or username
        </label>
        <input
          id="search"
          type="search"
          value={text}
          maxLength={50}
          placeholder="Name or username"
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      <Failure error={error} onRetry={reload} />
      {data && (
        <section aria-labelledby="found">
          <h2 id="found">{heading}</h2>
          <p role="status" className={data.users.length > 0 ? 'unseen' : 'empty'}>
            {data.users.length === 0 ? nobody : `${data.users.length} found`}
          </p>
          <ul className="card rows">
            {data.users.map((user) => (
              <UserRow key={user.id} user={user} />
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}

/** A value once it has stayed the same for a moment. */
function useLater(value: string): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
}
