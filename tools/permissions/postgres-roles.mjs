// The roles of Postgres: each service has one that owns nothing, and one that owns its tables and that only migrations use.

/** The databases of services; the auth core, a product of others, migrates itself and owns its own. */
export const databaseServices = ['user', 'post', 'media', 'notification'];
export const ownerOf = (name) => (databaseServices.includes(name) ? `${name}_owner` : name);
export const roleOf = (name) => `fowergram_${name}`;

/** What bounds the statements and the transactions of a service; migrations and operators take as long as they need. */
const limits = { statement_timeout: '5s', idle_in_transaction_session_timeout: '15s' };

/** Said to the role and not when a service connects: a pooler takes no such parameters. */
const limitStatements = (role) =>
  Object.entries(limits).map(([name, value]) => `alter role ${role} set ${name} = '${value}'`);

/** Makes the roles of a database or gives them their passwords; `literal` writes a password, by its name, into the statement. */
export const roleStatements = (name, literal) => [
  ...[...new Set([name, ownerOf(name)])].flatMap((user) => [
    `do $$ begin if not exists (select from pg_roles where rolname = '${roleOf(user)}') then create role ${roleOf(user)}; end if; end $$`,
    `alter role ${roleOf(user)} login nosuperuser nocreatedb nocreaterole password ${literal(user)}`,
    `grant ${roleOf(user)} to current_user`,
  ]),
  ...(databaseServices.includes(name) ? limitStatements(roleOf(name)) : []),
];

export const createDatabase = (name) => `create database ${roleOf(name)} owner ${roleOf(ownerOf(name))}`;

/** Who may do what in a database, said inside it and again at will: what a former version left is given to the owner. */
export function grantStatements(name) {
  const [service, owner] = [roleOf(name), roleOf(ownerOf(name))];
  // Whoever could connect could read what the catalogue says, and fill the disk with temporary tables.
  const closed = `revoke all on database ${service} from public`;
  if (service === owner) return [closed];
  return [
    `reassign owned by ${service} to ${owner}`,
    closed,
    `revoke all on database ${service} from ${service}`,
    `grant connect on database ${service} to ${service}`,
    'revoke all on schema public from public',
    `grant usage on schema public to ${service}`,
    ...['', `alter default privileges for role ${owner} in schema public `].flatMap((future) => {
      const all = future ? '' : 'all ';
      const inSchema = future ? '' : 'in schema public ';
      return [
        `${future}grant select, insert, update, delete on ${all}tables ${inSchema}to ${service}`,
        `${future}grant usage, select on ${all}sequences ${inSchema}to ${service}`,
      ];
    }),
    // Which migrations were applied is not the service's to say.
    `set role ${owner}`,
    'create table if not exists schema_migrations (version varchar not null primary key)',
    `revoke all on schema_migrations from ${service}`,
    'reset role',
  ];
}

/** All of it for psql, which takes the passwords from its environment; safe to run again. */
export function psqlScript() {
  return [...databaseServices, 'auth'].flatMap((name) => [
    '',
    ...[...new Set([name, ownerOf(name)])].map((user) => `\\getenv ${user}_password ${passwordVariable(user)}`),
    ...roleStatements(name, (user) => `:'${user}_password'`).map((statement) => `${statement};`),
    `select '${createDatabase(name)}' where not exists (select from pg_database where datname = '${roleOf(name)}') \\gexec`,
    `\\connect ${roleOf(name)}`,
    ...grantStatements(name).map((statement) => `${statement};`),
    '\\connect postgres',
  ]);
}

/** USER_DATABASE_PASSWORD, USER_DATABASE_OWNER_PASSWORD. */
export const passwordVariable = (user) =>
  `${user.replace(/_owner$/, '').toUpperCase()}_DATABASE_${user.endsWith('_owner') ? 'OWNER_' : ''}PASSWORD`;
