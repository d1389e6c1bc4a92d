/** What a user sees when everything is up: where things are, who may sign in, and what to try first. */
export function describe({ stack, services, web, demo, seconds }) {
  const gateway = services.gateway.url.replace('127.0.0.1', 'localhost');
  const rows = [
    ['web app', `${web.url}  (start here)`],
    ['gateway', gateway],
    ['GraphQL', `${gateway}/graphql  (HTTP and WebSocket)`],
    ['playground', `${gateway}/playground`],
    ['REST', `${gateway}/api/v1  (reference: ${gateway}/api/docs)`],
    ...Object.entries(services).map(([name, { operatorUrl }]) => [
      `operators' port of ${name}`,
      `${operatorUrl}/health  (and /metrics)`,
    ]),
    ['Postgres', stack.postgres.url],
    ['Redis', stack.redis.url],
    ['NATS', stack.nats.url],
    ['object store', `${stack.objectStore.url}  (keys in ${stack.dataDir}/credentials.json)`],
    ['auth core', stack.authCore?.url ?? 'not built'],
    ['mails', stack.mail.folder ? `${stack.mail.folder}  (each is announced here)` : stack.mail.url],
    ['logs', `${stack.dataDir}/logs`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, where]) => `  ${name.padEnd(width)}  ${where}`).join('\n');
  return `\nFowergram is ready after ${seconds} s.\n\n${table}\n${signIns(demo)}${commands(gateway, demo)}\n  Ctrl-C stops everything; the data stays in ${stack.dataDir}.\n`;
}

function signIns(demo) {
  if (!demo?.signIns?.length) return '';
  const lines = demo.signIns.map(
    ({ username, email, password }) => `  ${(username ?? '').padEnd(12)}  ${email}  ${password}`,
  );
  return `\nDemo sign-ins\n${lines.join('\n')}\n`;
}

function commands(gateway, demo) {
  const { email, password } = demo?.signIns?.[0] ?? { email: 'ann@example.com', password: 'your-password' };
  const form = JSON.stringify({
    formFields: [
      { id: 'email', value: email },
      { id: 'password', value: password },
    ],
  });
  const feed = JSON.stringify({
    query: '{ homeFeed(first: 3) { edges { node { id caption likeCount author { username } } } } }',
  });
  const json = "-H 'content-type: application/json'";
  return `
Three commands to try
  TOKEN=$(curl -si ${gateway}/auth/signin -H 'rid: emailpassword' -H 'st-auth-mode: header' ${json} -d '${form}' | tr -d '\\r' | sed -n 's/^st-access-token: //p')
  POST=$(curl -s ${gateway}/graphql -H "authorization: Bearer $TOKEN" ${json} -d '${feed}' | tee /dev/stderr | grep -o '"id":"[^"]*"' | head -1 | cut -d '"' -f 4)
  curl -s ${gateway}/graphql -H "authorization: Bearer $TOKEN" ${json} -d '{"query":"mutation { likePost(postId: \\"'$POST'\\") { id likeCount viewerHasLiked } }"}'
`;
}
