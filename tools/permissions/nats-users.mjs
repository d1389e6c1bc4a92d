// What each service may say and hear on NATS, as the configuration of the server says it.
export const STREAM = 'EVENTS';
const DEAD_LETTERS = 'DEAD_LETTERS';
/** After this nobody waits for the answer to a request any more. */
const ANSWER_WITHIN = '10s';

export const consumerOf = (service, subject) => `${service}-${subject.replaceAll('.', '-')}`;

/** How the log is read by numbers; nothing of it can be changed by these, and no consumer made. */
const READS = ['INFO', 'MSG.GET'].map((call) => `$JS.API.STREAM.${call}.${STREAM}`);

/** The subjects that a service may publish to and subscribe to; `rpc.x queue` is a subscription as a member of that queue. */
export function subjectsOf(service, uses) {
  const consumers = uses.consumes.map((subject) => consumerOf(service, subject));
  return {
    publish: [
      ...uses.calls.map((subject) => `rpc.${subject}`),
      ...uses.publishes.map((subject) => `evt.${subject}`),
      ...uses.pushes.map((name) => `realtime.*.${name}`),
      ...uses.broadcasts.map((topic) => `broadcast.${topic}`),
      ...(uses.reads.length > 0 ? READS : []),
      ...consumers.flatMap((consumer) => [
        `dead.${consumer}`,
        `$JS.API.CONSUMER.INFO.${STREAM}.${consumer}`,
        `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${consumer}`,
        `$JS.ACK.${STREAM}.${consumer}.>`,
      ]),
    ],
    subscribe: [
      `_INBOX.${service}.>`,
      ...uses.answers.map((subject) => `rpc.${subject} ${service}`),
      ...uses.hears.map((subject) => `evt.${subject}`),
      ...uses.receives.map((name) => `realtime.*.${name}`),
      ...uses.broadcasts.map((topic) => `broadcast.${topic}`),
    ],
  };
}

/** What the step that makes streams and consumers asks of JetStream, and how an operator reads what was given up. Nothing else. */
const administratorSubjects = {
  publish: [
    'INFO',
    ...[STREAM, DEAD_LETTERS].flatMap((stream) =>
      ['INFO', 'CREATE', 'UPDATE'].map((call) => `STREAM.${call}.${stream}`),
    ),
    ...['INFO', 'CREATE', 'DURABLE.CREATE'].map((call) => `CONSUMER.${call}.${STREAM}.>`),
    `STREAM.MSG.GET.${DEAD_LETTERS}`,
  ].map((call) => `$JS.API.${call}`),
  subscribe: ['_INBOX.administrator.>'],
};

/** The requests of the command `fowergram`, and how it sees what was given up and what waits. It changes no stream and no consumer. */
const operatorSubjects = (calls) => ({
  publish: [
    ...calls.map((subject) => `rpc.${subject}`),
    ...[STREAM, DEAD_LETTERS].map((stream) => `$JS.API.STREAM.INFO.${stream}`),
    `$JS.API.STREAM.MSG.GET.${DEAD_LETTERS}`,
    `$JS.API.CONSUMER.LIST.${STREAM}`,
  ],
  subscribe: ['_INBOX.operator.>'],
});

/** The users of NATS: a file that the configuration of every server includes. Passwords are variables of its environment. */
export function natsUsers(map, operatorCalls) {
  return [
    'authorization {',
    '  # A server asks for nothing else: whoever is not listed here does not get in.',
    '  users = [',
    '    # Makes streams and consumers before the services start; no service has this password.',
    ...user('administrator', administratorSubjects),
    '    # The command fowergram of whoever is on call; no service has this password.',
    ...user('operator', operatorSubjects(operatorCalls)),
    ...Object.entries(map).flatMap(([service, uses]) => user(service, subjectsOf(service, uses), answering(uses))),
    '  ]',
    '}',
  ];
}

function user(name, { publish, subscribe }, more = []) {
  return [
    '    {',
    `      user: ${name}`,
    `      password: $NATS_${name.toUpperCase()}_PASSWORD`,
    '      permissions {',
    ...list('publish', publish),
    ...list('subscribe', subscribe),
    ...more,
    '      }',
    '    }',
  ];
}

/** Whoever is asked may answer, once and soon, wherever the caller waits. */
const answering = ({ answers }) =>
  answers.length > 0 ? [`        allow_responses { max: 1, expires: "${ANSWER_WITHIN}" }`] : [];

// An empty list would allow everything.
function list(what, subjects) {
  if (subjects.length === 0) return [`        ${what} { deny: [">"] }`];
  return [
    `        ${what} {`,
    '          allow: [',
    ...subjects.map((subject) => `            "${subject}"`),
    '          ]',
    '        }',
  ];
}
