import type { Network } from './network.js';
import { runInShell } from './page-in-shell.js';
import { snippets } from './snippets.js';

/**
 * Does in one shell what docs/first-app.md says, and after it what docs/posts.md says of the life of a post, and returns what both
 * print; the listener runs before the last command of the first.
 */
export async function runFirstApp({ url, services }: Network): Promise<string> {
  const commands = snippets('first-app.md', 'app').replaceAll('http://localhost:8000', url);
  const last = commands.lastIndexOf('gql ');
  const script = [
    commands.slice(0, last),
    'node listen.mjs "$ZOE" > heard &',
    `until curl -s ${services.gateway.operatorUrl}/metrics | grep -Eq '^subscriptions_open[^ ]* [1-9]'; do sleep 0.1; done`,
    commands.slice(last),
    'until grep LIKE heard; do sleep 0.1; done',
    'kill $!',
    snippets('posts.md', 'life'),
  ];
  return runInShell(script.join('\n'), { 'listen.mjs': snippets('first-app.md', 'listen') });
}

/** Does in one shell what docs/rest.md says, and returns what it prints. */
export const runRestPage = ({ url }: Network): Promise<string> =>
  runInShell(snippets('rest.md', 'rest').replaceAll('http://localhost:8000', url));
