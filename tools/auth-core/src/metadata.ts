import type { Core } from './core.js';
import type { JsonObject } from './input.js';
import { ok, type Call, type Recipe } from './route.js';

export const metadata: Recipe = (core) => ({
  'GET /recipe/user/metadata': (call) => getMetadata(core, call),
  'PUT /recipe/user/metadata': (call) => mergeMetadata(core, call),
  'POST /recipe/user/metadata/remove': (call) => removeMetadata(core, call),
});

async function getMetadata(core: Core, { app, query }: Call) {
  const [row] = await core.db.rows<{ metadata: JsonObject }>(
    'select metadata from user_metadata where app_id = $1 and user_id = $2',
    [app.id, query.text('userId')],
  );
  return ok({ metadata: row?.metadata ?? {} });
}

/** Top-level keys are replaced, a null removes its key; deeper values are the caller's own business. */
async function mergeMetadata(core: Core, { app, body }: Call) {
  const userId = body.text('userId');
  const update = body.object('metadataUpdate');
  const merged = await core.db.transaction(async (tx) => {
    // The empty row gives the first two writers something to lock.
    await tx.rows(
      `insert into user_metadata (app_id, user_id, metadata) values ($1, $2, '{}') on conflict do nothing`,
      [app.id, userId],
    );
    const [row] = await tx.rows<{ metadata: JsonObject }>(
      'select metadata from user_metadata where app_id = $1 and user_id = $2 for update',
      [app.id, userId],
    );
    const entries = Object.entries({ ...row?.metadata, ...update }).filter(([, value]) => value !== null);
    const next = Object.fromEntries(entries);
    await tx.rows('update user_metadata set metadata = $3 where app_id = $1 and user_id = $2', [
      app.id,
      userId,
      JSON.stringify(next),
    ]);
    return next;
  });
  return ok({ metadata: merged });
}

async function removeMetadata(core: Core, { app, body }: Call) {
  await core.db.rows('delete from user_metadata where app_id = $1 and user_id = $2', [app.id, body.text('userId')]);
  return ok();
}
