import { findRival, lockAccounts } from './accounts.js';
import type { App } from './apps.js';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';
import { mustHaveAccountLinking } from './licence.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { dropOrReage, removeLoginMethods } from './user-removal.js';
import { currentId, findUser, type User } from './user.js';

/** Asking and parting are free, joining is what the real core sells. */
export const accountLinking: Recipe = (core) => ({
  'GET /recipe/accountlinking/user/primary/check': (call) => checkPrimary(core, call),
  'POST /recipe/accountlinking/user/primary': (call) => makePrimary(core, call),
  'GET /recipe/accountlinking/user/link/check': (call) => checkLink(core, call),
  'POST /recipe/accountlinking/user/link': (call) => link(core, call),
  'POST /recipe/accountlinking/user/unlink': (call) => unlink(core, call),
});

async function checkPrimary(core: Core, { app, query }: Call) {
  const verdict = await judgePrimary(core.db, app, query.text('recipeUserId'));
  return verdict.failure ?? ok({ wasAlreadyAPrimaryUser: verdict.isDone });
}

async function makePrimary(core: Core, { app, body }: Call) {
  const recipeUserId = body.text('recipeUserId');
  mustHaveAccountLinking(core);
  return core.db.transaction(async (tx) => {
    await lockAccounts(tx, app);
    const verdict = await judgePrimary(tx, app, recipeUserId);
    if (verdict.failure) return verdict.failure;
    await tx.rows('update users set is_primary = true where app_id = $1 and user_id = $2', [app.id, verdict.user.id]);
    return ok({ wasAlreadyAPrimaryUser: verdict.isDone, user: { ...verdict.user, isPrimaryUser: true } });
  });
}

async function judgePrimary(db: Queryable, app: App, givenId: string) {
  const user = await getUser(db, app, givenId);
  if (user.isPrimaryUser) {
    const isDone = user.id === (await currentId(db, app, givenId));
    const failure = isDone
      ? undefined
      : status('RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR', {
          primaryUserId: user.id,
          description: 'This user ID is already linked to another user ID',
        });
    return { user, isDone, failure };
  }
  return { user, isDone: false, failure: await refuseForRival(db, app, user.id, user.emails) };
}

async function checkLink(core: Core, { app, query }: Call) {
  const verdict = await judgeLink(core.db, app, query.text('recipeUserId'), query.text('primaryUserId'));
  return verdict.failure ?? ok({ accountsAlreadyLinked: verdict.isDone });
}

async function link(core: Core, { app, body }: Call) {
  const [recipeUserId, primaryUserId] = [body.text('recipeUserId'), body.text('primaryUserId')];
  mustHaveAccountLinking(core);
  return core.db.transaction(async (tx) => {
    await lockAccounts(tx, app);
    const { failure, isDone, user, primary } = await judgeLink(tx, app, recipeUserId, primaryUserId);
    if (failure) return isLinkedElsewhere(failure) ? { ...failure, user } : failure;
    if (!isDone) await join(tx, app, user.id, primary.id);
    return ok({ accountsAlreadyLinked: isDone, user: await findUser(tx, app, primary.id) });
  });
}

async function judgeLink(db: Queryable, app: App, recipeUserId: string, primaryUserId: string) {
  const primary = await getUser(db, app, primaryUserId);
  if (!primary.isPrimaryUser) {
    return { user: primary, primary, isDone: false, failure: status('INPUT_USER_IS_NOT_A_PRIMARY_USER') };
  }
  const user = await getUser(db, app, recipeUserId);
  if (user.isPrimaryUser) {
    const isDone = user.id === primary.id;
    const failure = isDone
      ? undefined
      : status('RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR', {
          primaryUserId: user.id,
          description: 'The input recipe user ID is already linked to another user ID',
        });
    return { user, primary, isDone, failure };
  }
  const failure = await refuseForRival(db, app, primary.id, [...user.emails, ...primary.emails]);
  return { user, primary, isDone: false, failure };
}

// The answer to a link shows who holds the login method, the answer to a check does not.
function isLinkedElsewhere(failure: { status: string }): boolean {
  return failure.status === 'RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR';
}

async function refuseForRival(db: Queryable, app: App, accountId: string, emails: string[]) {
  const primaryUserId = await findRival(db, app, accountId, emails);
  if (primaryUserId === undefined) return undefined;
  const description = "This user's email is already associated with another user ID";
  return status('ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR', { primaryUserId, description });
}

async function join(tx: Queryable, app: App, recipeUserId: string, primaryId: string): Promise<void> {
  await tx.rows('update login_methods set user_id = $3 where app_id = $1 and recipe_user_id = $2', [
    app.id,
    recipeUserId,
    primaryId,
  ]);
  await tx.rows('delete from users where app_id = $1 and user_id = $2', [app.id, recipeUserId]);
  await dropOrReage(tx, app, primaryId);
  await revokeSessions(tx, app, recipeUserId);
}

async function unlink(core: Core, { app, body }: Call) {
  const givenId = body.text('recipeUserId');
  return core.db.transaction(async (tx) => {
    await lockAccounts(tx, app);
    const user = await getUser(tx, app, givenId);
    if (!user.isPrimaryUser) return ok({ wasRecipeUserDeleted: false, wasLinked: false });
    const recipeUserId = await currentId(tx, app, givenId);
    const method = user.loginMethods.find((candidate) => candidate.recipeUserId === recipeUserId);
    // The account keeps its id, so its first login method cannot leave with it; it can only end. Once it has ended,
    // the account still answers to that id, and nothing is left to part.
    const mustEnd = recipeUserId === user.id && user.loginMethods.length > 1;
    if (mustEnd) await removeLoginMethods(tx, app, user.id, recipeUserId);
    else if (method) await part(tx, app, user, recipeUserId, method.timeJoined);
    await revokeSessions(tx, app, recipeUserId);
    return ok({ wasRecipeUserDeleted: mustEnd, wasLinked: true });
  });
}

async function part(tx: Queryable, app: App, user: User, recipeUserId: string, timeJoined: number): Promise<void> {
  await tx.rows(
    `insert into users (app_id, user_id, time_joined) values ($1, $2, $3)
     on conflict (app_id, user_id) do update set is_primary = false`,
    [app.id, recipeUserId, timeJoined],
  );
  if (recipeUserId === user.id) return;
  await tx.rows('update login_methods set user_id = $2 where app_id = $1 and recipe_user_id = $2', [
    app.id,
    recipeUserId,
  ]);
  await dropOrReage(tx, app, user.id);
}

/** Their tokens name an account that the login method no longer belongs to. */
async function revokeSessions(tx: Queryable, app: App, recipeUserId: string): Promise<void> {
  await tx.rows('delete from sessions where app_id = $1 and user_id = $2', [app.id, recipeUserId]);
}

async function getUser(db: Queryable, app: App, anyId: string): Promise<User> {
  const user = await findUser(db, app, anyId);
  if (!user) throw unknownUser();
  return user;
}

function unknownUser() {
  return badInput('Unknown user ID provided');
}
