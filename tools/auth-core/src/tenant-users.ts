import { findRival, lockAccounts } from './accounts.js';
import type { App } from './apps.js';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import { violatedIndex, type Queryable } from './database.js';
import type { Input } from './input.js';
import { mustHaveTenancy } from './licence.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { currentId, findUser } from './user.js';

/** A login method may leave the one tenant that is here and come back: outside it exists, and signs nobody in. */
export const tenantUsers: Recipe = (core) => ({
  'POST /recipe/multitenancy/tenant/user': (call) => letIn(core, call),
  'POST /recipe/multitenancy/tenant/user/remove': (call) => letOut(core, call),
});

const taken: Record<string, { status: string }> = {
  login_methods_in_tenant_password_email: status('EMAIL_ALREADY_EXISTS_ERROR'),
  login_methods_in_tenant_passwordless_email: status('EMAIL_ALREADY_EXISTS_ERROR'),
  login_methods_in_tenant_phone: status('PHONE_NUMBER_ALREADY_EXISTS_ERROR'),
  login_methods_in_tenant_third_party: status('THIRD_PARTY_USER_ALREADY_EXISTS_ERROR'),
};

async function letIn(core: Core, { app, body }: Call) {
  const givenId = readId(body);
  mustHaveTenancy(core);
  try {
    return await core.db.transaction(async (tx) => {
      const recipeUserId = await lock(tx, app, givenId);
      const user = await findUser(tx, app, recipeUserId);
      if (!user) return status('UNKNOWN_USER_ID_ERROR');
      const rival = user.isPrimaryUser && (await findRival(tx, app, user.id, user.emails, user.phoneNumbers));
      if (rival) return status('ASSOCIATION_NOT_ALLOWED_ERROR', { reason: reasonOf(user.emails) });
      return ok({ wasAlreadyAssociated: !(await move(tx, app, recipeUserId, true)) });
    });
  } catch (error) {
    const failure = taken[violatedIndex(error) ?? ''];
    if (failure) return failure;
    throw error;
  }
}

const reasonOf = ([email]: string[]) => `Another primary user with email ${email} already exists`;

async function letOut(core: Core, { app, body }: Call) {
  const givenId = readId(body);
  mustHaveTenancy(core);
  return core.db.transaction(async (tx) => {
    const recipeUserId = await lock(tx, app, givenId);
    const wasAssociated = await move(tx, app, recipeUserId, false);
    // What belonged to the user in that tenant goes too.
    if (wasAssociated)
      for (const table of ['sessions', 'user_roles'])
        await tx.rows(`delete from ${table} where app_id = $1 and user_id = $2`, [app.id, recipeUserId]);
    return ok({ wasAssociated });
  });
}

/** Whether this changed anything. */
async function move(tx: Queryable, app: App, recipeUserId: string, isInTenant: boolean): Promise<boolean> {
  const moved = await tx.rows(
    `update login_methods set is_in_tenant = $3
     where app_id = $1 and recipe_user_id = $2 and is_in_tenant <> $3 returning recipe_user_id`,
    [app.id, recipeUserId, isInTenant],
  );
  return moved.length > 0;
}

async function lock(tx: Queryable, app: App, givenId: string): Promise<string> {
  await lockAccounts(tx, app);
  return currentId(tx, app, givenId);
}

function readId(body: Input): string {
  const id = body.text('recipeUserId').trim();
  // The words of the core, which name the field as it once was called.
  if (id === '') throw badInput("Field name 'userId' cannot be an empty String");
  return id;
}
