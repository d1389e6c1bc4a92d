/** The page: a bar to sign in with, above GraphiQL. */
export const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Fowergram API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/playground/assets/graphiql.css">
    <style>
      body { margin: 0; display: flex; flex-direction: column; height: 100vh; font: 14px system-ui, sans-serif; }
      #bar { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; padding: 8px 12px; border-bottom: 1px solid #ddd; }
      #bar b { margin-right: 8px; }
      #bar input { padding: 4px 6px; width: 11em; }
      #status { color: #555; }
      #graphiql { flex: 1; min-height: 0; }
    </style>
  </head>
  <body>
    <form id="bar">
      <b>Fowergram</b>
      <input id="email" type="email" placeholder="e-mail" autocomplete="username" required>
      <input id="password" type="password" placeholder="password" autocomplete="current-password" required>
      <button type="submit">Sign in</button>
      <input id="username" placeholder="username (to sign up)">
      <button type="button" id="sign-up">Sign up</button>
      <button type="button" id="sign-out">Sign out</button>
      <span id="second-factor" hidden>
        <input id="code" placeholder="code of your app" autocomplete="one-time-code">
        <button type="button" id="send-code">Go on</button>
      </span>
      <span id="status" role="status"></span>
    </form>
    <div id="graphiql">Loading …</div>
    <script src="/playground/assets/react.js"></script>
    <script src="/playground/assets/react-dom.js"></script>
    <script src="/playground/assets/graphiql.js"></script>
    <script type="module" src="/playground/assets/playground.js"></script>
  </body>
</html>
`;

/** What runs in the page: a session in cookies, renewed when it expires, and subscriptions over the socket. */
export const script = `import { createClient } from '/playground/assets/client.js';

const element = (id) => document.getElementById(id);
const say = (text) => { element('status').textContent = text; };
const json = { 'content-type': 'application/json', rid: 'anti-csrf' };

const post = (path, body) => fetch('/auth' + path, { method: 'POST', headers: { ...json, 'st-auth-mode': 'cookie' }, body: JSON.stringify(body ?? {}) });

async function fetchAndRefresh(url, options) {
  const ask = () => fetch(url, { ...options, headers: { ...options.headers, rid: 'anti-csrf' } });
  const answer = await ask();
  if (answer.status !== 401) return answer;
  const refreshed = await post('/session/refresh');
  if (!refreshed.ok) say('The session has ended: sign in again.');
  return ask();
}

const socket = createClient({ url: location.origin.replace(/^http/, 'ws') + '/graphql' });

async function enter(path, fields) {
  const answer = await post(path, { formFields: Object.entries(fields).map(([id, value]) => ({ id, value })) });
  const body = await answer.json();
  socket.terminate();
  if (body.status === 'OK') return welcome('Signed in as ' + body.user.emails[0]);
  if (body.status === 'FIELD_ERROR') return say(body.formFields.map((field) => field.id + ': ' + field.error).join(' '));
  say(body.status === 'WRONG_CREDENTIALS_ERROR' ? 'Wrong e-mail or password.' : body.message ?? body.status);
}

async function welcome(text) {
  const { state } = await (await fetch('/auth/second-factor', { headers: json })).json();
  element('second-factor').hidden = state !== 'pending';
  say(state === 'pending' ? 'Enter the code of your authenticator app.' : state === 'enrol' ? 'Your role demands a second factor: see docs/auth.md.' : text);
}

const credentials = () => ({ email: element('email').value, password: element('password').value });
element('bar').addEventListener('submit', (event) => {
  event.preventDefault();
  void enter('/signin', credentials());
});
element('sign-up').addEventListener('click', () => void enter('/signup', { ...credentials(), username: element('username').value }));
element('send-code').addEventListener('click', async () => {
  const answer = await post('/second-factor/verify', { code: element('code').value });
  return answer.ok ? welcome('Signed in.') : say((await answer.json()).message);
});
element('sign-out').addEventListener('click', async () => {
  await post('/signout');
  socket.terminate();
  say('Signed out.');
});

const defaultQuery = \`# Sign in above, then press the button to run one of these.

query Me {
  me {
    id
    username
    followerCount
    followingCount
    postCount
  }
  unreadNotificationCount
}

query HomeFeed {
  homeFeed(first: 20) {
    edges {
      cursor
      node {
        id
        caption
        likeCount
        commentCount
        viewerHasLiked
        createdAt
        author { username avatar { url(width: 150) } }
        media { url(width: 640) width height blurhash }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}

# Leave this running, and like one of your posts as somebody else.
subscription Notifications {
  notificationReceived {
    cursor
    node { kind actorCount actors(first: 3) { username } post { id caption } createdAt }
  }
}
\`;

const fetcher = GraphiQL.createFetcher({ url: '/graphql', fetch: fetchAndRefresh, wsClient: socket });
ReactDOM.createRoot(element('graphiql')).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery, isHeadersEditorEnabled: true, shouldPersistHeaders: false }),
);
`;
