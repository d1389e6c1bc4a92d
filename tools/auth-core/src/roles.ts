import type { App } from './apps.js';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';
import type { Input } from './input.js';
import { ok, status, type Call, type Recipe } from './route.js';

export const roles: Recipe = (core) => ({
  'PUT /recipe/role': (call) => createRole(core, call),
  'GET /recipe/roles': (call) => listRoles(core, call),
  'POST /recipe/role/remove': (call) => removeRole(core, call),
  'GET /recipe/role/permissions': (call) => listPermissions(core, call),
  'POST /recipe/role/permissions/remove': (call) => removePermissions(core, call),
  'GET /recipe/permission/roles': (call) => listRolesWithPermission(core, call),
  'PUT /recipe/user/role': (call) => addUserRole(core, call),
  'POST /recipe/user/role/remove': (call) => removeUserRole(core, call),
  'GET /recipe/user/roles': (call) => listUserRoles(core, call),
  'GET /recipe/role/users': (call) => listRoleUsers(core, call),
});

const unknownRole = () => status('UNKNOWN_ROLE_ERROR');

async function createRole(core: Core, { app, body }: Call) {
  const role = readName(body, 'role');
  const permissions = readPermissions(body) ?? [];
  const created = await core.db.transaction(async (tx) => {
    const rows = await tx.rows(
      'insert into roles (app_id, role) values ($1, $2) on conflict do nothing returning role',
      [app.id, role],
    );
    await tx.rows(
      'insert into role_permissions (app_id, role, permission) select $1, $2, unnest($3::text[]) on conflict do nothing',
      [app.id, role, permissions],
    );
    return rows.length > 0;
  });
  return ok({ createdNewRole: created });
}

async function listRoles(core: Core, { app }: Call) {
  const rows = await core.db.rows<{ role: string }>('select role from roles where app_id = $1 order by role', [app.id]);
  return ok({ roles: rows.map((row) => row.role) });
}

async function removeRole(core: Core, { app, body }: Call) {
  const rows = await core.db.rows('delete from roles where app_id = $1 and role = $2 returning role', [
    app.id,
    readName(body, 'role'),
  ]);
  return ok({ didRoleExist: rows.length > 0 });
}

async function listPermissions(core: Core, { app, query }: Call) {
  const role = readName(query, 'role');
  if (!(await holdRole(core.db, app, role))) return unknownRole();
  const rows = await core.db.rows<{ permission: string }>(
    'select permission from role_permissions where app_id = $1 and role = $2 order by permission',
    [app.id, role],
  );
  return ok({ permissions: rows.map((row) => row.permission) });
}

async function removePermissions(core: Core, { app, body }: Call) {
  const role = readName(body, 'role');
  const permissions = readPermissions(body);
  if (!(await holdRole(core.db, app, role))) return unknownRole();
  await core.db.rows(
    'delete from role_permissions where app_id = $1 and role = $2 and ($3::text[] is null or permission = any($3))',
    [app.id, role, permissions],
  );
  return ok();
}

async function listRolesWithPermission(core: Core, { app, query }: Call) {
  const rows = await core.db.rows<{ role: string }>(
    'select role from role_permissions where app_id = $1 and permission = $2 order by role',
    [app.id, readName(query, 'permission')],
  );
  return ok({ roles: rows.map((row) => row.role) });
}

async function addUserRole(core: Core, { app, body }: Call) {
  const userId = body.text('userId');
  const role = readName(body, 'role');
  return core.db.transaction(async (tx) => {
    if (!(await holdRole(tx, app, role))) return unknownRole();
    const added = await tx.rows(
      'insert into user_roles (app_id, user_id, role) values ($1, $2, $3) on conflict do nothing returning role',
      [app.id, userId, role],
    );
    return ok({ didUserAlreadyHaveRole: added.length === 0 });
  });
}

async function removeUserRole(core: Core, { app, body }: Call) {
  const userId = body.text('userId');
  const role = readName(body, 'role');
  if (!(await holdRole(core.db, app, role))) return unknownRole();
  const removed = await core.db.rows(
    'delete from user_roles where app_id = $1 and user_id = $2 and role = $3 returning role',
    [app.id, userId, role],
  );
  return ok({ didUserHaveRole: removed.length > 0 });
}

async function listUserRoles(core: Core, { app, query }: Call) {
  const rows = await core.db.rows<{ role: string }>(
    'select role from user_roles where app_id = $1 and user_id = $2 order by role',
    [app.id, query.text('userId')],
  );
  return ok({ roles: rows.map((row) => row.role) });
}

async function listRoleUsers(core: Core, { app, query }: Call) {
  const role = readName(query, 'role');
  if (!(await holdRole(core.db, app, role))) return unknownRole();
  const rows = await core.db.rows<{ user_id: string }>(
    'select user_id from user_roles where app_id = $1 and role = $2 order by user_id',
    [app.id, role],
  );
  return ok({ users: rows.map((row) => row.user_id) });
}

/** Inside a transaction the role cannot be removed until its end. */
async function holdRole(db: Queryable, app: App, role: string): Promise<boolean> {
  const rows = await db.rows('select role from roles where app_id = $1 and role = $2 for key share', [app.id, role]);
  return rows.length > 0;
}

function readName(input: Input, field: 'role' | 'permission'): string {
  const name = input.text(field).trim();
  if (name === '') throw badInput(`Field name '${field}' cannot be an empty String`);
  return name;
}

function readPermissions(body: Input): string[] | undefined {
  const permissions = body.findTexts('permissions')?.map((permission) => permission.trim());
  if (permissions?.includes('')) throw badInput("Field name 'permissions' cannot contain an empty string");
  return permissions;
}
