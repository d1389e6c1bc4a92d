// What each service may do in Redis: the keys of each in one place, and the commands that ioredis, BullMQ and our scripts need.

/** The keys of a service begin with its name; these are older. A queue takes the name as its `prefix`. */
const keys = {
  gateway: ['limit:*', 'known-address:*'],
  media: [],
  post: ['feed:*'],
};

/** Data and scripts; nothing that looks at the server, at other connections or at keys by anything but their name. */
const commands = [
  '-@all',
  '+@read',
  '+@write',
  '+@transaction',
  '-@admin',
  '-@dangerous',
  // These look at all keys, and functions are shared by all users.
  '-scan',
  '-randomkey',
  '-dbsize',
  '-function',
  // Scripts may do what their caller may.
  '+eval',
  '+evalsha',
  '+script|exists',
  '+script|load',
  // A connection checks that it is one: which server, and whether it is ready.
  '+ping',
  '+info',
  '+client|setname',
];

export const redisServices = Object.keys(keys);
export const keyPatternsOf = (service) => [`${service}:*`, ...keys[service]];

/** The users of Redis, a line each; the administrator is the user `default`. Passwords are variables of the environment. */
export function redisUsers() {
  const user = (service) => [
    `user ${service} on >$REDIS_${service.toUpperCase()}_PASSWORD`,
    ...keyPatternsOf(service).map((pattern) => `~${pattern}`),
    'resetchannels',
    ...commands,
  ];
  return ['user default on >$REDIS_PASSWORD ~* &* +@all', ...redisServices.map((service) => user(service).join(' '))];
}
