import { lockAccounts } from './accounts.js';
import type { App } from './apps.js';
import { badInput } from './core-error.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';
import { markVerified } from './email-verification.js';
import type { Input } from './input.js';
import {
  findCode,
  findDevice,
  hashOfDevice,
  hashOfLink,
  linkCodeOf,
  lockDevice,
  removeDevice,
  removeDevices,
  toShownDevice,
  type Code,
  type Device,
} from './passwordless-device.js';
import { ok, status, type Call } from './route.js';
import { findUser, insertUser } from './user.js';

const restart = () => status('RESTART_FLOW_ERROR');

export async function checkCode(core: Core, { app, body }: Call) {
  const proof = readProof(body);
  return core.db.transaction(async (tx) => {
    const { device, failure } = await judge(core, tx, app, proof);
    return failure ?? ok({ consumedDevice: toShownDevice(device) });
  });
}

export async function consumeCode(core: Core, { app, body }: Call) {
  const proof = readProof(body);
  return core.db.transaction(async (tx) => {
    // First of all: whoever changes an account holds this while it takes away devices.
    await lockAccounts(tx, app);
    const { device, failure } = await judge(core, tx, app, proof);
    if (failure) return failure;
    // Whoever got in needs none of the other messages that were sent to the same place.
    await removeDevices(tx, app, device.email, device.phone_number);
    const { recipeUserId, isNew } = await signInUp(core, tx, app, device);
    const user = await findUser(tx, app, recipeUserId);
    return ok({ createdNewUser: isNew, user, recipeUserId, consumedDevice: toShownDevice(device) });
  });
}

type Proof = { preAuthSessionId: string } & ({ linkCode: string } | { deviceId: string; userInputCode: string });

function readProof(body: Input): Proof {
  // Some clients pad the hash, the core does not.
  const preAuthSessionId = body.text('preAuthSessionId').replaceAll('=', '');
  // Which of the two it is comes before what is in it.
  const [hasLink, hasDevice, hasDigits] = [body.has('linkCode'), body.has('deviceId'), body.has('userInputCode')];
  if (hasLink && !hasDevice && !hasDigits) return { preAuthSessionId, linkCode: body.text('linkCode') };
  if (!hasLink && hasDevice && hasDigits)
    return { preAuthSessionId, deviceId: body.text('deviceId'), userInputCode: body.text('userInputCode') };
  throw badInput('Please provide exactly one of linkCode or deviceId+userInputCode');
}

type Verdict = { device: Device; failure?: undefined } | { device?: undefined; failure: { status: string } };

/** A wrong code counts against its device even though nothing else is written: the verdict is committed, not thrown. */
async function judge(core: Core, tx: Queryable, app: App, proof: Proof): Promise<Verdict> {
  const pointed = await followProof(core, tx, app, proof);
  if (!pointed) return { failure: restart() };
  if (pointed.deviceIdHash !== proof.preAuthSessionId) throw badInput("preAuthSessionId and deviceId doesn't match");
  const device = await lockDevice(tx, app, pointed.deviceIdHash);
  if (!device) return { failure: restart() };
  const { passwordlessMaxAttempts: max } = app.settings;
  if (device.failed_attempts >= max) {
    await removeDevice(tx, app, device.device_id_hash);
    return { failure: restart() };
  }
  const code = await findCode(tx, app, pointed.linkCodeHash);
  if (code && isFresh(core, app, code)) return { device };
  if ('linkCode' in proof) return { failure: restart() };
  return {
    failure: await countFailure(
      tx,
      app,
      device,
      code ? 'EXPIRED_USER_INPUT_CODE_ERROR' : 'INCORRECT_USER_INPUT_CODE_ERROR',
    ),
  };
}

async function followProof(core: Core, tx: Queryable, app: App, proof: Proof) {
  if ('linkCode' in proof) {
    const linkCodeHash = hashOfLink(proof.linkCode);
    const code = await findCode(tx, app, linkCodeHash);
    return code && isFresh(core, app, code) ? { deviceIdHash: code.device_id_hash, linkCodeHash } : undefined;
  }
  const device = await findDevice(tx, app, hashOfDevice(proof.deviceId));
  if (!device) return undefined;
  const linkCode = linkCodeOf(proof.deviceId, device.link_code_salt, proof.userInputCode);
  return { deviceIdHash: device.device_id_hash, linkCodeHash: hashOfLink(linkCode) };
}

function isFresh(core: Core, app: App, code: Code): boolean {
  return code.created_at + app.settings.passwordlessCodeLifetimeMs >= core.now();
}

async function countFailure(
  tx: Queryable,
  app: App,
  device: Device,
  name: 'EXPIRED_USER_INPUT_CODE_ERROR' | 'INCORRECT_USER_INPUT_CODE_ERROR',
) {
  const failedCodeInputAttemptCount = device.failed_attempts + 1;
  const maximumCodeInputAttempts = app.settings.passwordlessMaxAttempts;
  if (failedCodeInputAttemptCount >= maximumCodeInputAttempts) {
    await removeDevice(tx, app, device.device_id_hash);
    return restart();
  }
  await tx.rows('update passwordless_devices set failed_attempts = $3 where app_id = $1 and device_id_hash = $2', [
    app.id,
    device.device_id_hash,
    failedCodeInputAttemptCount,
  ]);
  return status(name, { failedCodeInputAttemptCount, maximumCodeInputAttempts });
}

interface Method {
  recipe_user_id: string;
  email: string | null;
  phone_number: string | null;
}

async function signInUp(core: Core, tx: Queryable, app: App, device: Device) {
  const newId = await insertUser(core, tx, app, {
    recipeId: 'passwordless',
    email: device.email ?? undefined,
    phoneNumber: device.phone_number ?? undefined,
  });
  const known = newId === undefined ? await getMethod(tx, app, device) : undefined;
  const recipeUserId = newId ?? known!.recipe_user_id;
  // Whoever read the code reads the mail of that address.
  if (device.email !== null) await markVerified(tx, app, recipeUserId, device.email);
  if (known) await removeDevices(tx, app, known.email, known.phone_number);
  return { recipeUserId, isNew: newId !== undefined };
}

async function getMethod(tx: Queryable, app: App, device: Device): Promise<Method> {
  const [method] = await tx.rows<Method>(
    `select recipe_user_id, email, phone_number from login_methods
     where app_id = $1 and is_in_tenant and recipe_id = 'passwordless' and (email = $2 or phone_number = $3)`,
    [app.id, device.email, device.phone_number],
  );
  return method!;
}
