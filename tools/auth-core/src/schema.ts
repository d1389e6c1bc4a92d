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
alter table login_methods add column if not exists is_in_tenant boolean not null default true;
drop index if exists login_methods_password_email;
drop index if exists login_methods_passwordless_email;
drop index if exists login_methods_phone;
drop index if exists login_methods_third_party;
create unique index if not exists login_methods_in_tenant_password_email
  on login_methods (app_id, email) where is_in_tenant and recipe_id = 'emailpassword';
create unique index if not exists login_methods_in_tenant_passwordless_email
  on login_methods (app_id, email) where is_in_tenant and recipe_id = 'passwordless';
create unique index if not exists login_methods_in_tenant_phone
  on login_methods (app_id, phone_number) where is_in_tenant;
create unique index if not exists login_methods_in_tenant_third_party
  on login_methods (app_id, third_party_id, third_party_user_id) where is_in_tenant;

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

create table if not exists totp_users (
  app_id text not null references apps on delete cascade,
  user_id text not null,
  primary key (app_id, user_id)
);

create table if not exists totp_devices (
  app_id text not null,
  user_id text not null,
  device_name text not null,
  secret text not null,
  period integer not null,
  skew integer not null,
  verified boolean not null default false,
  created_at bigint not null,
  primary key (app_id, user_id, device_name),
  foreign key (app_id, user_id) references totp_users on delete cascade on update cascade
);

create table if not exists totp_used_codes (
  id bigint generated always as identity primary key,
  app_id text not null,
  user_id text not null,
  code text not null,
  is_valid boolean not null,
  created_at bigint not null,
  expires_at bigint not null,
  foreign key (app_id, user_id) references totp_users on delete cascade on update cascade
);
create index if not exists totp_used_codes_by_user on totp_used_codes (app_id, user_id, created_at);

create table if not exists passwordless_devices (
  app_id text not null references apps on delete cascade,
  device_id_hash text not null,
  email text,
  phone_number text,
  link_code_salt text not null,
  failed_attempts integer not null default 0,
  created_at bigint not null,
  primary key (app_id, device_id_hash)
);
create index if not exists passwordless_devices_by_email on passwordless_devices (app_id, email);
create index if not exists passwordless_devices_by_phone on passwordless_devices (app_id, phone_number);

create table if not exists passwordless_codes (
  app_id text not null,
  code_id text not null,
  device_id_hash text not null,
  link_code_hash text not null,
  created_at bigint not null,
  primary key (app_id, code_id),
  unique (app_id, link_code_hash),
  foreign key (app_id, device_id_hash) references passwordless_devices on delete cascade
);
create index if not exists passwordless_codes_by_device on passwordless_codes (app_id, device_id_hash);

create table if not exists user_id_mappings (
  app_id text not null references apps on delete cascade,
  supertokens_user_id text not null,
  external_user_id text not null,
  external_user_id_info text,
  primary key (app_id, supertokens_user_id),
  unique (app_id, external_user_id)
);

create table if not exists tenant_configs (
  app_id text primary key references apps on delete cascade,
  first_factors json,
  required_secondary_factors json
);

create table if not exists third_party_configs (
  app_id text not null references apps on delete cascade,
  third_party_id text not null,
  config json not null,
  created_at bigint not null,
  primary key (app_id, third_party_id)
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
