import type { Database } from './database.js';

// Every statement can run again on a database that has it already, so a start is also the migration. Later recipes add
// their tables at the end, and columns with "add column if not exists".
const tables = `
create table if not exists apps (
  app_id text primary key,
  config json not null default '{}',
  created_at bigint not null
);

create table if not exists secrets (
  app_id text not null references apps on delete cascade,
  name text not null,
  value bytea not null,
  primary key (app_id, name)
);

create table if not exists signing_keys (
  app_id text not null references apps on delete cascade,
  kid text not null,
  kind text not null check (kind in ('dynamic', 'static')),
  private_key text not null,
  created_at bigint not null,
  primary key (app_id, kid)
);

create table if not exists users (
  app_id text not null references apps on delete cascade,
  user_id text not null,
  is_primary boolean not null default false,
  time_joined bigint not null,
  primary key (app_id, user_id)
);
create index if not exists users_by_time on users (app_id, time_joined, user_id);

create table if not exists login_methods (
  app_id text not null,
  recipe_user_id text not null,
  user_id text not null,
  recipe_id text not null check (recipe_id in ('emailpassword', 'thirdparty', 'passwordless')),
  email text,
  phone_number text,
  third_party_id text,
  third_party_user_id text,
  password_hash text,
  time_joined bigint not null,
  primary key (app_id, recipe_user_id),
  foreign key (app_id, user_id) references users on delete cascade
);
create index if not exists login_methods_by_user on login_methods (app_id, user_id);
create index if not exists login_methods_by_email on login_methods (app_id, email);
create unique index if not exists login_methods_password_email
  on login_methods (app_id, email) where recipe_id = 'emailpassword';
create unique index if not exists login_methods_passwordless_email
  on login_methods (app_id, email) where recipe_id = 'passwordless';
create unique index if not exists login_methods_phone on login_methods (app_id, phone_number);
create unique index if not exists login_methods_third_party
  on login_methods (app_id, third_party_id, third_party_user_id);

create table if not exists sessions (
  app_id text not null references apps on delete cascade,
  handle text not null,
  tenant_id text not null,
  user_id text not null,
  refresh_token_hash_2 text not null,
  session_data json not null,
  jwt_user_payload json not null,
  use_static_key boolean not null,
  created_at_time bigint not null,
  expires_at bigint not null,
  primary key (app_id, handle)
);
create index if not exists sessions_by_user on sessions (app_id, user_id);
create index if not exists sessions_by_expiry on sessions (expires_at);

create table if not exists password_reset_tokens (
  app_id text not null references apps on delete cascade,
  token_hash text not null,
  user_id text not null,
  email text not null,
  expires_at bigint not null,
  primary key (app_id, token_hash)
);
create index if not exists password_reset_tokens_by_user on password_reset_tokens (app_id, user_id);

create table if not exists verified_emails (
  app_id text not null references apps on delete cascade,
  user_id text not null,
  email text not null,
  primary key (app_id, user_id, email)
);

create table if not exists email_verification_tokens (
  app_id text not null references apps on delete cascade,
  token_hash text not null,
  user_id text not null,
  email text not null,
  expires_at bigint not null,
  primary key (app_id, token_hash)
);
create index if not exists email_verification_tokens_by_user on email_verification_tokens (app_id, user_id, email);

create table if not exists roles (
  app_id text not null references apps on delete cascade,
  role text not null,
  primary key (app_id, role)
);

create table if not exists role_permissions (
  app_id text not null,
  role text not null,
  permission text not null,
  primary key (app_id, role, permission),
  foreign key (app_id, role) references roles on delete cascade
);
create index if not exists role_permissions_by_permission on role_permissions (app_id, permission);

create table if not exists user_roles (
  app_id text not null,
  user_id text not null,
  role text not null,
  primary key (app_id, user_id, role),
  foreign key (app_id, role) references roles on delete cascade
);
create index if not exists user_roles_by_role on user_roles (app_id, role);

create table if not exists user_metadata (
  app_id text not null references apps on delete cascade,
  user_id text not null,
  metadata json not null,
  primary key (app_id, user_id)
);
`;

/** Two processes may start at once: the advisory lock lets one of them create the tables while the other waits. */
export async function applySchema(db: Database, now: number): Promise<void> {
  await db.script(`
    select pg_advisory_xact_lock(hashtext('auth-core schema'));
    ${tables}
    insert into apps (app_id, created_at) values ('public', ${Math.floor(now)}) on conflict do nothing;
  `);
}
