import { randomBytes } from 'node:crypto';
import type { App } from './apps.js';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import { isUniqueViolation, type Queryable } from './database.js';
import type { Input } from './input.js';
import { mustHaveMfa } from './licence.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { tryCode, type TotpDevice } from './totp-attempt.js';
import { toBase32 } from './totp-code.js';
import { currentId } from './user.js';

/** The id of a user need not be that of an account: a factor may belong to anybody who can have a session. */
export const totp: Recipe = (core) => ({
  'POST /recipe/totp/device': (call) => createDevice(core, call),
  'PUT /recipe/totp/device': (call) => renameDevice(core, call),
  'GET /recipe/totp/device/list': (call) => listDevices(core, call),
  'POST /recipe/totp/device/remove': (call) => removeDevice(core, call),
  'POST /recipe/totp/device/verify': (call) => verifyDevice(core, call),
  'POST /recipe/totp/verify': (call) => verifyCode(core, call),
});

const SECRET_BYTES = 20;

async function createDevice(core: Core, { app, body }: Call) {
  const givenId = readName(body, 'userId');
  const skew = body.number('skew');
  const period = body.number('period');
  const givenName = body.findText('deviceName');
  if (givenName === '') throw badInput('deviceName cannot be empty');
  if (!Number.isInteger(skew) || skew < 0) throw badInput('skew must be >= 0');
  if (!Number.isInteger(period) || period <= 0) throw badInput('period must be > 0');
  mustHaveMfa(core);
  const userId = await currentId(core.db, app, givenId);
  const secret = toBase32(randomBytes(SECRET_BYTES));
  return core.db.transaction(async (tx) => {
    await lockOrAddUser(tx, app, userId);
    const devices = await loadDevices(tx, app, userId);
    const deviceName = givenName ?? freeName(devices);
    // A device that nobody proved yet is only a page that was left open: the next attempt takes its place.
    const created = await tx.rows(
      `insert into totp_devices as old (app_id, user_id, device_name, secret, period, skew, created_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (app_id, user_id, device_name) do update
         set secret = excluded.secret, period = excluded.period, skew = excluded.skew, created_at = excluded.created_at
         where not old.verified returning device_name`,
      [app.id, userId, deviceName, secret, period, skew, Math.floor(core.now())],
    );
    return created.length > 0 ? ok({ deviceName, secret }) : status('DEVICE_ALREADY_EXISTS_ERROR');
  });
}

function freeName(devices: TotpDevice[]): string {
  const verified = new Set(devices.filter((device) => device.verified).map((device) => device.name));
  let number = verified.size;
  while (verified.has(`TOTP Device ${number}`)) number++;
  return `TOTP Device ${number}`;
}

async function renameDevice(core: Core, { app, body }: Call) {
  const givenId = readName(body, 'userId');
  const [oldName, newName] = [readName(body, 'existingDeviceName'), readName(body, 'newDeviceName')];
  const userId = await currentId(core.db, app, givenId);
  try {
    const renamed = await core.db.rows(
      'update totp_devices set device_name = $4 where app_id = $1 and user_id = $2 and device_name = $3 returning device_name',
      [app.id, userId, oldName, newName],
    );
    return renamed.length > 0 ? ok() : status('UNKNOWN_DEVICE_ERROR');
  } catch (error) {
    if (isUniqueViolation(error)) return status('DEVICE_ALREADY_EXISTS_ERROR');
    throw error;
  }
}

async function listDevices(core: Core, { app, query }: Call) {
  const devices = await loadDevices(core.db, app, await currentId(core.db, app, readName(query, 'userId')));
  return ok({ devices: devices.map(({ name, period, skew, verified }) => ({ name, period, skew, verified })) });
}

async function removeDevice(core: Core, { app, body }: Call) {
  const [givenId, deviceName] = [readName(body, 'userId'), readName(body, 'deviceName')];
  const userId = await currentId(core.db, app, givenId);
  return core.db.transaction(async (tx) => {
    await lockUser(tx, app, userId);
    const removed = await tx.rows(
      'delete from totp_devices where app_id = $1 and user_id = $2 and device_name = $3 returning device_name',
      [app.id, userId, deviceName],
    );
    // With the last device its used codes and failed attempts go too.
    await tx.rows(
      `delete from totp_users u where app_id = $1 and user_id = $2
         and not exists (select 1 from totp_devices d where d.app_id = u.app_id and d.user_id = u.user_id)`,
      [app.id, userId],
    );
    return ok({ didDeviceExist: removed.length > 0 });
  });
}

async function verifyDevice(core: Core, { app, body }: Call) {
  const [givenId, deviceName] = [readName(body, 'userId'), readName(body, 'deviceName')];
  const code = body.text('totp');
  const userId = await currentId(core.db, app, givenId);
  return core.db.transaction(async (tx) => {
    await lockUser(tx, app, userId);
    const device = (await loadDevices(tx, app, userId)).find(({ name }) => name === deviceName);
    if (!device) return status('UNKNOWN_DEVICE_ERROR');
    if (device.verified) return ok({ wasAlreadyVerified: true });
    const failure = await tryCode(core, tx, app, userId, [device], code);
    if (failure) return failure;
    await tx.rows('update totp_devices set verified = true where app_id = $1 and user_id = $2 and device_name = $3', [
      app.id,
      userId,
      deviceName,
    ]);
    return ok({ wasAlreadyVerified: false });
  });
}

async function verifyCode(core: Core, { app, body }: Call) {
  const [givenId, code] = [readName(body, 'userId'), body.text('totp')];
  mustHaveMfa(core);
  const userId = await currentId(core.db, app, givenId);
  return core.db.transaction(async (tx) => {
    await lockUser(tx, app, userId);
    const devices = await loadDevices(tx, app, userId);
    if (devices.length === 0) return status('UNKNOWN_USER_ID_ERROR');
    return (
      (await tryCode(
        core,
        tx,
        app,
        userId,
        devices.filter((device) => device.verified),
        code,
      )) ?? ok()
    );
  });
}

/** Attempts of one user are judged one after the other: two servers cannot both accept a code, nor a sixth guess. */
async function lockUser(tx: Queryable, app: App, userId: string): Promise<void> {
  await tx.rows('select 1 as one from totp_users where app_id = $1 and user_id = $2 for update', [app.id, userId]);
}

async function lockOrAddUser(tx: Queryable, app: App, userId: string): Promise<void> {
  await tx.rows(
    `insert into totp_users (app_id, user_id) values ($1, $2)
     on conflict (app_id, user_id) do update set user_id = excluded.user_id`,
    [app.id, userId],
  );
}

function loadDevices(db: Queryable, app: App, userId: string): Promise<TotpDevice[]> {
  return db.rows<TotpDevice>(
    `select device_name as name, secret, period, skew, verified from totp_devices
     where app_id = $1 and user_id = $2 order by created_at, device_name`,
    [app.id, userId],
  );
}

function readName(input: Input, field: string): string {
  const name = input.text(field);
  if (name === '') throw badInput(`${field} cannot be empty`);
  return name;
}
