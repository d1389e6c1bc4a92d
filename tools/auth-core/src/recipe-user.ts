import { mayTakeEmail, mayTakePhone } from './accounts.js';
import { badInput, CoreError } from './core-error.js';
import type { Core } from './core.js';
import { violatedIndex, type Queryable } from './database.js';
import { hashPassword } from './password.js';
import { removeDevices } from './passwordless-device.js';
import { normalisePhone } from './phone.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { currentId, normaliseEmail } from './user.js';

/** Three recipes share this path, one of which changes nothing; the `rid` header says which of them is meant. */
export const recipeUser: Recipe = (core) => ({
  'PUT /recipe/user': async (call) => {
    if (call.recipeId === 'thirdparty') throw new CoreError(405, 'Method not supported');
    return call.recipeId === 'passwordless' ? updatePasswordless(core, call) : updateEmailPassword(core, call);
  },
});

const takenBy: Record<string, 'EMAIL_ALREADY_EXISTS_ERROR' | 'PHONE_NUMBER_ALREADY_EXISTS_ERROR'> = {
  login_methods_in_tenant_password_email: 'EMAIL_ALREADY_EXISTS_ERROR',
  login_methods_in_tenant_passwordless_email: 'EMAIL_ALREADY_EXISTS_ERROR',
  login_methods_in_tenant_phone: 'PHONE_NUMBER_ALREADY_EXISTS_ERROR',
};

const unknown = () => status('UNKNOWN_USER_ID_ERROR');
const emailIsAnothers = () =>
  status('EMAIL_CHANGE_NOT_ALLOWED_ERROR', { reason: 'New email is associated with another primary user ID' });
const phoneIsAnothers = () =>
  status('PHONE_NUMBER_CHANGE_NOT_ALLOWED_ERROR', {
    reason: 'New phone number is associated with another primary user ID',
  });

async function updateEmailPassword(core: Core, { app, body }: Call) {
  const givenId = body.text('recipeUserId');
  const email = body.findText('email');
  const password = body.findText('password');
  if (email === undefined && password === undefined) throw badInput('You have to provide either email or password.');
  if (password === '') throw badInput('Password cannot be an empty string');
  const passwordHash = password === undefined ? undefined : await hashPassword(password);
  return unlessTaken(core, async (tx) => {
    const recipeUserId = await currentId(tx, app, givenId);
    const newEmail = email === undefined ? undefined : normaliseEmail(email);
    if (newEmail !== undefined && !(await mayTakeEmail(tx, app, recipeUserId, newEmail))) return emailIsAnothers();
    const updated = await tx.rows(
      `update login_methods set email = coalesce($3, email), password_hash = coalesce($4, password_hash)
       where app_id = $1 and recipe_user_id = $2 and recipe_id = 'emailpassword' returning recipe_user_id`,
      [app.id, recipeUserId, newEmail, passwordHash],
    );
    return updated.length > 0 ? ok() : unknown();
  });
}

interface Contact {
  email: string | null;
  phone_number: string | null;
}

async function updatePasswordless(core: Core, { app, body }: Call) {
  const givenId = body.text('recipeUserId');
  const email = body.isNull('email') ? null : body.findText('email');
  const phoneNumber = body.isNull('phoneNumber') ? null : body.findText('phoneNumber');
  return unlessTaken(core, async (tx) => {
    const recipeUserId = await currentId(tx, app, givenId);
    // Before the row is locked: whoever holds the accounts may be waiting for that row.
    const isEmailFree = typeof email !== 'string' || (await mayTakeEmail(tx, app, recipeUserId, normaliseEmail(email)));
    const isPhoneFree =
      typeof phoneNumber !== 'string' || (await mayTakePhone(tx, app, recipeUserId, normalisePhone(phoneNumber)));
    const [old] = await tx.rows<Contact>(
      `select email, phone_number from login_methods
       where app_id = $1 and recipe_user_id = $2 and recipe_id = 'passwordless' for update`,
      [app.id, recipeUserId],
    );
    if (!old) return unknown();
    const next: Contact = {
      email: typeof email === 'string' ? normaliseEmail(email) : email === null ? null : old.email,
      phone_number:
        typeof phoneNumber === 'string' ? normalisePhone(phoneNumber) : phoneNumber === null ? null : old.phone_number,
    };
    if (next.email === null && next.phone_number === null)
      throw badInput('You cannot clear both email and phone number of a user');
    if (!isEmailFree) return emailIsAnothers();
    if (!isPhoneFree) return phoneIsAnothers();
    await tx.rows('update login_methods set email = $3, phone_number = $4 where app_id = $1 and recipe_user_id = $2', [
      app.id,
      recipeUserId,
      next.email,
      next.phone_number,
    ]);
    // A code that is under way to the old address, or was asked for at the new one by somebody else, opens nothing now.
    if (next.email !== old.email) for (const each of [old.email, next.email]) await removeDevices(tx, app, each, null);
    if (next.phone_number !== old.phone_number)
      for (const each of [old.phone_number, next.phone_number]) await removeDevices(tx, app, null, each);
    return ok();
  });
}

async function unlessTaken<Answer>(core: Core, work: (tx: Queryable) => Promise<Answer>) {
  try {
    return await core.db.transaction(work);
  } catch (error) {
    const taken = takenBy[violatedIndex(error) ?? ''];
    if (taken) return status(taken);
    throw error;
  }
}
