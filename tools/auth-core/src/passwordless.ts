import { badInput } from './core-error.js';
import type { Core } from './core.js';
import { isUniqueViolation, type Queryable } from './database.js';
import type { Input } from './input.js';
import { checkCode, consumeCode } from './passwordless-consume.js';
import {
  deviceColumns,
  findDevice,
  hashOfDevice,
  newCode,
  newDeviceId,
  newSalt,
  removeDevice,
  removeDevices,
  toShownDevice,
  type Code,
  type Device,
} from './passwordless-device.js';
import { normalisePhone } from './phone.js';
import { ok, status, type Call, type Recipe } from './route.js';
import { normaliseEmail } from './user.js';

export const passwordless: Recipe = (core) => ({
  'POST /recipe/signinup/code': (call) => createCode(core, call),
  'POST /recipe/signinup/code/consume': (call) => consumeCode(core, call),
  'POST /recipe/signinup/code/check': (call) => checkCode(core, call),
  'POST /recipe/signinup/code/remove': (call) => removeCode(core, call),
  'GET /recipe/signinup/codes': (call) => listCodes(core, call),
  'POST /recipe/signinup/codes/remove': (call) => removeCodes(core, call),
});

async function createCode(core: Core, { app, body }: Call) {
  const target = readOne(body, ['email', 'phoneNumber', 'deviceId']);
  const chosen = body.findText('userInputCode');
  if (chosen === '') throw badInput('userInputCode cannot be an empty string.');
  const device = await deviceFor(core.db, app, target);
  if (!device) return status('RESTART_FLOW_ERROR');
  const { codeId, userInputCode, linkCode, linkCodeHash } = newCode(device.deviceId, device.salt, chosen);
  const timeCreated = Math.floor(core.now());
  const outcome = await core.db
    .transaction(async (tx) => {
      if (target.name !== 'deviceId') {
        await tx.rows(
          `insert into passwordless_devices (app_id, device_id_hash, email, phone_number, link_code_salt, created_at)
         values ($1, $2, $3, $4, $5, $6)`,
          [app.id, device.deviceIdHash, device.email, device.phoneNumber, device.salt, timeCreated],
        );
      }
      const inserted = await tx.rows(
        `insert into passwordless_codes (app_id, code_id, device_id_hash, link_code_hash, created_at)
       select app_id, $3, device_id_hash, $4, $5 from passwordless_devices where app_id = $1 and device_id_hash = $2 for update
       returning code_id`,
        [app.id, device.deviceIdHash, codeId, linkCodeHash, timeCreated],
      );
      return inserted.length > 0 ? 'OK' : 'RESTART_FLOW_ERROR';
    })
    .catch((error: unknown) => {
      // The same digits for the same device make the same link.
      if (isUniqueViolation(error)) return 'USER_INPUT_CODE_ALREADY_USED_ERROR';
      throw error;
    });
  if (outcome !== 'OK') return status(outcome);
  const { deviceId, deviceIdHash } = device;
  const codeLifetime = app.settings.passwordlessCodeLifetimeMs;
  return ok({ preAuthSessionId: deviceIdHash, codeId, deviceId, userInputCode, linkCode, timeCreated, codeLifetime });
}

interface Target {
  name: string;
  value: string;
}

async function deviceFor(db: Queryable, app: Call['app'], { name, value }: Target) {
  if (name !== 'deviceId') {
    const deviceId = newDeviceId();
    const email = name === 'email' ? value : null;
    const phoneNumber = name === 'phoneNumber' ? value : null;
    return { deviceId, deviceIdHash: hashOfDevice(deviceId), salt: newSalt(), email, phoneNumber };
  }
  const known = await findDevice(db, app, hashOfDevice(value));
  return (
    known && {
      deviceId: value,
      deviceIdHash: known.device_id_hash,
      salt: known.link_code_salt,
      email: known.email,
      phoneNumber: known.phone_number,
    }
  );
}

async function listCodes(core: Core, { app, query }: Call) {
  const { name, value } = readOne(query, ['email', 'phoneNumber', 'deviceId', 'preAuthSessionId']);
  const column = {
    email: 'email',
    phoneNumber: 'phone_number',
    deviceId: 'device_id_hash',
    preAuthSessionId: 'device_id_hash',
  }[name];
  const devices = await core.db.rows<Device>(
    `select ${deviceColumns} from passwordless_devices where app_id = $1 and ${column} = $2 order by created_at`,
    [app.id, name === 'deviceId' ? hashOfDevice(value) : value],
  );
  const codes = await core.db.rows<Code>(
    `select code_id, device_id_hash, created_at from passwordless_codes
     where app_id = $1 and device_id_hash = any($2) order by created_at`,
    [app.id, devices.map((device) => device.device_id_hash)],
  );
  const codeLifetime = app.settings.passwordlessCodeLifetimeMs;
  return ok({
    devices: devices.map((device) => ({
      ...toShownDevice(device),
      codes: codes
        .filter((code) => code.device_id_hash === device.device_id_hash)
        .map((code) => ({ codeId: code.code_id, timeCreated: code.created_at, codeLifetime })),
    })),
  });
}

async function removeCodes(core: Core, { app, body }: Call) {
  const { name, value } = readOne(body, ['email', 'phoneNumber']);
  await removeDevices(core.db, app, name === 'email' ? value : null, name === 'phoneNumber' ? value : null);
  return ok();
}

async function removeCode(core: Core, { app, body }: Call) {
  if (!body.has('codeId') && !body.has('preAuthSessionId'))
    throw badInput("Please provide either 'codeId' or 'preAuthSessionId'");
  const { name, value } = readOne(body, ['codeId', 'preAuthSessionId']);
  if (name === 'preAuthSessionId') {
    await removeDevice(core.db, app, value);
    return ok();
  }
  await core.db.transaction(async (tx) => {
    const [device] = await tx.rows<{ device_id_hash: string }>(
      `select d.device_id_hash from passwordless_devices d join passwordless_codes c using (app_id, device_id_hash)
       where app_id = $1 and code_id = $2 for update of d`,
      [app.id, value],
    );
    await tx.rows('delete from passwordless_codes where app_id = $1 and code_id = $2', [app.id, value]);
    // A device without a code leads nowhere.
    await tx.rows(
      `delete from passwordless_devices d where app_id = $1 and device_id_hash = $2 and not exists
         (select 1 from passwordless_codes c where c.app_id = d.app_id and c.device_id_hash = d.device_id_hash)`,
      [app.id, device?.device_id_hash],
    );
  });
  return ok();
}

/** Exactly one of these fields, in the form in which it is stored. */
function readOne<Name extends string>(input: Input, names: Name[]): { name: Name; value: string } {
  const given = names.filter((name) => input.findText(name) !== undefined);
  const [name] = given;
  if (name === undefined || given.length > 1) {
    throw badInput(`Please provide exactly one of ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`);
  }
  const value = input.text(name);
  if (name === 'email') return { name, value: normaliseEmail(value) };
  return { name, value: name === 'phoneNumber' ? normalisePhone(value) : value };
}
