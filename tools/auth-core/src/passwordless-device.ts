import { createHash, createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { App } from './apps.js';
import { badInput } from './core-error.js';
import type { Queryable } from './database.js';

/**
 * A device is where a sign-in began, a code one message that was sent for it. Only the browser knows the device id; the
 * table has its hash, which is the pre-auth session id, and the hashes of the link codes.
 */
export interface Device {
  device_id_hash: string;
  email: string | null;
  phone_number: string | null;
  link_code_salt: string;
  failed_attempts: number;
}

export interface Code {
  code_id: string;
  device_id_hash: string;
  created_at: number;
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64url');

export function newDeviceId(): string {
  return randomBytes(32).toString('base64');
}

export const newSalt = newDeviceId;

export function hashOfDevice(deviceId: string): string {
  return hash(decodeDevice(deviceId));
}

export function hashOfLink(linkCode: string): string {
  // Only in the alphabet for addresses, which is how it was sent.
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(linkCode)) throw wrongEncoding('linkCode');
  return hash(Buffer.from(linkCode, 'base64url'));
}

/** The link proves as much as the six digits: it is made from them, with what only the device and the core know. */
export function linkCodeOf(deviceId: string, salt: string, userInputCode: string): string {
  const key = Buffer.concat([decodeDevice(deviceId), Buffer.from(salt, 'base64')]);
  return createHmac('sha256', key).update(userInputCode).digest('base64url');
}

export function newCode(deviceId: string, salt: string, chosen: string | undefined) {
  const userInputCode = chosen ?? String(randomInt(1_000_000)).padStart(6, '0');
  const linkCode = linkCodeOf(deviceId, salt, userInputCode);
  return { codeId: randomUUID(), userInputCode, linkCode, linkCodeHash: hashOfLink(linkCode) };
}

export const deviceColumns = 'device_id_hash, email, phone_number, link_code_salt, failed_attempts';

export async function findDevice(db: Queryable, app: App, deviceIdHash: string): Promise<Device | undefined> {
  const [device] = await db.rows<Device>(
    `select ${deviceColumns} from passwordless_devices where app_id = $1 and device_id_hash = $2`,
    [app.id, deviceIdHash],
  );
  return device;
}

export async function lockDevice(tx: Queryable, app: App, deviceIdHash: string): Promise<Device | undefined> {
  const [device] = await tx.rows<Device>(
    `select ${deviceColumns} from passwordless_devices where app_id = $1 and device_id_hash = $2 for update`,
    [app.id, deviceIdHash],
  );
  return device;
}

export async function findCode(db: Queryable, app: App, linkCodeHash: string): Promise<Code | undefined> {
  const [code] = await db.rows<Code>(
    'select code_id, device_id_hash, created_at from passwordless_codes where app_id = $1 and link_code_hash = $2',
    [app.id, linkCodeHash],
  );
  return code;
}

export async function removeDevice(db: Queryable, app: App, deviceIdHash: string): Promise<void> {
  await db.rows('delete from passwordless_devices where app_id = $1 and device_id_hash = $2', [app.id, deviceIdHash]);
}

/** Every sign-in that was begun with this address or this number. */
export async function removeDevices(
  db: Queryable,
  app: App,
  email: string | null,
  phoneNumber: string | null,
): Promise<void> {
  await db.rows('delete from passwordless_devices where app_id = $1 and (email = $2 or phone_number = $3)', [
    app.id,
    email,
    phoneNumber,
  ]);
}

export function toShownDevice(device: Device) {
  return {
    preAuthSessionId: device.device_id_hash,
    failedCodeInputAttemptCount: device.failed_attempts,
    email: device.email ?? undefined,
    phoneNumber: device.phone_number ?? undefined,
  };
}

function decodeDevice(deviceId: string): Buffer {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(deviceId)) throw wrongEncoding('deviceId');
  return Buffer.from(deviceId, 'base64');
}

const wrongEncoding = (field: string) => badInput(`Input encoding error in ${field}`);
