import { mayTakeEmail } from './accounts.js';
import type { App } from './apps.js';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import { markVerified } from './email-verification.js';
import { Input } from './input.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { findUser, insertUser, normaliseEmail } from './user.js';

/** Talking to the provider is the SDK's work; here its answer becomes an account. */
export const thirdParty: Recipe = (core) => ({
  'POST /recipe/signinup': (call) => signInUp(core, call),
});

async function signInUp(core: Core, { app, body }: Call) {
  const identity = { thirdPartyId: body.text('thirdPartyId'), thirdPartyUserId: body.text('thirdPartyUserId') };
  const given = new Input(body.object('email'), 'JSON input');
  const [email, isVerified] = [normaliseEmail(given.text('id')), given.flag('isVerified')];

  const newId = await insertUser(core, core.db, app, { recipeId: 'thirdparty', email, ...identity });
  const userId = newId ?? (await updateEmail(core, app, identity, email));
  if (userId === undefined) {
    return status('EMAIL_CHANGE_NOT_ALLOWED_ERROR', { reason: 'Email already associated with another primary user.' });
  }
  if (isVerified) await markVerified(core.db, app, userId, email);
  return ok({ createdNewUser: newId !== undefined, user: await findUser(core.db, app, userId), recipeUserId: userId });
}

/** The provider knows better: users change their address there, and stay who they are. Nothing when it is another's. */
async function updateEmail(
  core: Core,
  app: App,
  identity: { thirdPartyId: string; thirdPartyUserId: string },
  email: string,
): Promise<string | undefined> {
  return core.db.transaction(async (tx) => {
    const [row] = await tx.rows<{ recipe_user_id: string; email: string }>(
      'select recipe_user_id, email from login_methods where app_id = $1 and is_in_tenant and third_party_id = $2 and third_party_user_id = $3',
      [app.id, identity.thirdPartyId, identity.thirdPartyUserId],
    );
    if (!row) throw badInput('This account was removed while signing in');
    if (row.email !== email && !(await mayTakeEmail(tx, app, row.recipe_user_id, email))) return undefined;
    await tx.rows('update login_methods set email = $3 where app_id = $1 and recipe_user_id = $2 and email <> $3', [
      app.id,
      row.recipe_user_id,
      email,
    ]);
    return row.recipe_user_id;
  });
}
