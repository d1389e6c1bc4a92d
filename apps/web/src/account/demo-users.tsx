import { useState } from 'react';
import type { FowergramClient } from '@fowergram/client';
import { Failure } from '../parts/failure.js';
import { Avatar } from '../users/avatar.js';

interface DemoUser {
  username: string;
  email: string;
  password: string;
}

/** Signs in as one of the demo users of `npm start`; elsewhere there are none. */
export function DemoUsers({ client }: { client: FowergramClient }) {
  const [error, setError] = useState<unknown>(null);
  const users = demoUsers();
  if (users.length === 0) return null;
  return (
    <section className="demo" aria-label="Demo users">
      <p className="faint">Or look around as a demo user</p>
      <div className="actions">
        {users.map(({ username, email, password }) => (
          <button
            key={username}
            className="demo-user"
            onClick={() => void client.session.signIn(email, password).catch(setError)}
          >
            <Avatar user={{ username, avatar: null }} size={26} />
            {username}
          </button>
        ))}
      </div>
      <Failure error={error} />
    </section>
  );
}

const demoUsers = (): DemoUser[] =>
  JSON.parse(document.querySelector<HTMLMetaElement>('meta[name=fowergram-demo]')?.content ?? '[]') as DemoUser[];
