import { createClient, type FowergramClient, type Tokens, type TokenStore } from '@fowergram/client';
import { me, user } from '@fowergram/client/operations';
import { WebSocket } from 'ws';

export interface Actor {
  index: number;
  id: string;
  username: string;
  client: FowergramClient;
  /** One more app of theirs, in the same session. */
  open: () => FowergramClient;
}

/** The accounts of this seed: signed up, or signed in where an earlier run has made them. */
export async function gather(url: string, count: number, seed: number): Promise<Actor[]> {
  const actors: Actor[] = [];
  for (let index = 0; index < count; index++) actors.push(await join(url, index, seed));
  return actors;
}

async function join(url: string, index: number, seed: number): Promise<Actor> {
  let kept: Tokens | null = null;
  const tokens: TokenStore = { get: () => kept, set: (next) => void (kept = next) };
  const open = () => createClient({ url, webSocket: WebSocket, tokens });
  const client = open();
  const username = `load_${seed}_${index}`;
  const [email, password] = [`${username}@load.test`, `a long word for ${username}`];
  // Neither way is tried in vain: attempts are limited.
  if ((await client.request(user, { username })).user) await client.session.signIn(email, password);
  else await client.session.signUp(email, password, username);
  const account = (await client.request(me)).me!;
  return { index, id: account.id, username, client, open };
}
