import { DEMO_PASSWORD, DEMO_USERS, demoEmail } from './demo-sign-ins.js';
import { A_POST, A_USER, CREATE_POST, EXAMPLES } from './playground.examples.js';

const given = JSON.stringify({
  password: DEMO_PASSWORD,
  emails: Object.fromEntries(DEMO_USERS.map((name) => [name, demoEmail(name)])),
  someUser: DEMO_USERS[1],
  createPost: CREATE_POST,
  aPost: A_POST,
  aUser: A_USER,
  tabs: EXAMPLES.map(({ query, variables }) => ({
    query,
    variables: variables ? JSON.stringify(variables, null, 2) : '',
  })),
});

/** What runs in the page: a session in cookies that is renewed when it expires, uploads, and subscriptions over the socket. */
export const script = `import { createClient } from '/playground/assets/client.js';

const given = ${given};
const element = (id) => document.getElementById(id);
const say = (text) => { element('status').textContent = text; };
const json = { 'content-type': 'application/json', rid: 'anti-csrf' };
const post = (path, body) => fetch('/auth' + path, { method: 'POST', headers: { ...json, 'st-auth-mode': 'cookie' }, body: JSON.stringify(body ?? {}) });
/** For whatever begins with a click: what goes wrong is said, also that the gateway is away. */
const attempt = (work) => (event) => work(event).catch((error) => say(error.message));
const socket = createClient({ url: location.origin.replace(/^http/, 'ws') + '/graphql' });

async function fetchAndRefresh(url, options) {
  const ask = () => fetch(url, { ...options, headers: { ...options.headers, rid: 'anti-csrf' } });
  const answer = await ask();
  if (answer.status !== 401) return answer;
  const refreshed = await post('/session/refresh');
  if (!refreshed.ok) showUser(null);
  return ask();
}

async function graphql(query, variables) {
  const body = JSON.stringify({ query, variables });
  const { data, errors } = await (await fetchAndRefresh('/graphql', { method: 'POST', headers: json, body })).json();
  if (!data && errors) throw new Error(errors[0].message);
  return data;
}

function showUser(username) {
  element('who').textContent = username ? 'Signed in as ' + username : 'Not signed in';
  element('signed-in').hidden = !username;
  element('signed-out').hidden = !!username;
  element('own-account').hidden = !!username;
  element('second-factor').hidden = true;
}

/** Asks the gateway, not the page: it is right after a reload and in a second tab, too. */
async function refreshUser() {
  const { me } = await graphql('{ me { username } }').catch(() => ({ me: null }));
  showUser(me?.username);
  return me !== null;
}

async function enter(path, fields) {
  const answer = await post(path, { formFields: Object.entries(fields).map(([id, value]) => ({ id, value })) });
  const body = await answer.json();
  socket.terminate();
  if (body.status === 'OK') return welcome();
  if (body.status === 'FIELD_ERROR') return say(body.formFields.map((field) => field.id + ': ' + field.error).join(' '));
  say(body.status === 'WRONG_CREDENTIALS_ERROR' ? 'Wrong e-mail or password; demo users are made by npm start.' : body.message ?? body.status);
}

async function welcome() {
  say('');
  const { state } = await (await fetch('/auth/second-factor', { headers: json })).json();
  if (state !== 'pending' && state !== 'enrol') return refreshUser();
  element('second-factor').hidden = state !== 'pending';
  say(state === 'pending' ? 'Enter the code of your authenticator app.' : 'Your role demands a second factor: see docs/auth.md.');
}

/** The three steps of an upload, and then an operation to publish it with. */
async function upload(file) {
  say('Uploading …');
  const input = { contentType: file.type, byteSize: file.size, altText: file.name };
  const { createMediaUpload: { media, url, fields } } = await graphql('mutation ($input: CreateMediaUploadInput!) { createMediaUpload(input: $input) { media { id } url fields { name value } } }', { input });
  const form = new FormData();
  for (const { name, value } of fields) form.append(name, value);
  form.append('file', file);
  const sent = await fetch(url, { method: 'POST', body: form });
  if (!sent.ok) return say('The object store answered ' + sent.status + '.');
  await graphql('mutation ($id: ID!) { completeMediaUpload(mediaId: $id) { id } }', { id: media.id });
  const ready = await processed(media.id);
  if (ready.status !== 'READY') return say('Rejected: ' + ready.rejectionReason);
  element('picture').src = ready.url;
  element('picture').hidden = false;
  say('READY: run createPost to publish it.');
  render({ query: given.createPost, variables: JSON.stringify({ input: { caption: 'From the playground #first', mediaIds: [media.id] } }, null, 2) });
}

async function processed(id) {
  for (;;) {
    const { node } = await graphql('query ($id: ID!) { node(id: $id) { ... on Media { status rejectionReason url(width: 320) } } }', { id });
    if (node.status === 'READY' || node.status === 'REJECTED') return node;
    say('Processing …');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

const credentials = () => ({ email: element('email').value, password: element('password').value });
element('credentials').addEventListener('submit', (event) => event.preventDefault());
element('credentials').addEventListener('submit', attempt(() => enter('/signin', credentials())));
for (const button of document.querySelectorAll('[data-demo]'))
  button.addEventListener('click', attempt(() => enter('/signin', { email: given.emails[button.dataset.demo], password: given.password })));
element('sign-up').addEventListener('click', attempt(() => enter('/signup', { ...credentials(), username: element('username').value })));
element('send-code').addEventListener('click', attempt(async () => {
  const answer = await post('/second-factor/verify', { code: element('code').value });
  return answer.ok ? welcome() : say((await answer.json()).message);
}));
element('sign-out').addEventListener('click', attempt(async () => {
  await post('/signout');
  socket.terminate();
  element('picture').hidden = true;
  say('');
  showUser(null);
}));
element('file').addEventListener('change', attempt(async ({ target }) => {
  const [file] = target.files;
  target.value = '';
  if (file) await upload(file);
}));

/** A post of the demo data and its author, for the examples that need one. */
async function fillIn(text) {
  const query = 'query ($name: String!) { user(username: $name) { id posts(first: 1) { edges { node { id } } } } }';
  const { user } = await graphql(query, { name: given.someUser }).catch(() => ({}));
  return text.replace(given.aUser, user?.id ?? given.aUser).replace(given.aPost, user?.posts.edges[0]?.node.id ?? given.aPost);
}

const errorsOf = (failure) => failure instanceof CloseEvent
  ? [{ message: 'The socket was closed: ' + failure.code + ' ' + failure.reason, extensions: { closeCode: failure.code } }]
  : [failure].flat().map(({ message = 'The socket failed.', ...error }) => ({ message, ...error }));

/** Ends a subscription that fails with an answer that says why: what it threw, GraphiQL would leave to nobody. */
const subscriptions = {
  subscribe: (request, sink) => socket.subscribe(request, {
    ...sink,
    error: (failure) => {
      sink.next({ errors: errorsOf(failure) });
      sink.complete();
    },
  }),
};

const root = ReactDOM.createRoot(element('graphiql'));
const send = GraphiQL.createFetcher({ url: '/graphql', fetch: fetchAndRefresh, wsClient: subscriptions });

const OPERATION = /(query|mutation|subscription)\\s+(\\w+)/;
/** Just after a change of tabs the editor still names the operation of the tab before: then the text decides. */
function fetcher(params, options) {
  const [, operation, value] = OPERATION.exec(params.query) ?? [];
  if (!value || params.query.includes(params.operationName)) return send(params, options);
  const definition = { kind: 'OperationDefinition', operation, name: { kind: 'Name', value } };
  const documentAST = { kind: 'Document', definitions: [definition] };
  return send({ ...params, operationName: value }, { ...options, documentAST });
}

const common = { fetcher, schemaDescription: true, defaultEditorToolsVisibility: 'variables', isHeadersEditorEnabled: true, shouldPersistHeaders: false };
const render = (props) => root.render(React.createElement(GraphiQL, { ...common, ...props }));

await refreshUser();
const defaultTabs = JSON.parse(await fillIn(JSON.stringify(given.tabs)));
render({ defaultTabs });
`;
