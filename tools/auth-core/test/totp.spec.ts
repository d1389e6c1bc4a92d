import { codeOf, fromBase32, toBase32 } from '../src/totp-code.js';
import type { CoreClient } from './core-client.js';
import { insideOnly, licensed } from './outside.js';
import { World } from './world.js';

let world: World;
let second: CoreClient;
beforeAll(async () => {
  world = await World.create({ features: ['mfa'] });
  second = await world.another({ features: ['mfa'] });
});
afterAll(async () => {
  await second.close();
  await world.drop();
});

const newPerson = () => world.name();
const addDevice = (fields: object) => world.post('/recipe/totp/device', { skew: 1, period: 30, ...fields });
const verifyDevice = (fields: object) => world.post('/public/recipe/totp/device/verify', fields);
const verify = (userId: string, totp: string) => world.post('/public/recipe/totp/verify', { userId, totp });
const list = async (userId: string) => (await world.get('/recipe/totp/device/list', { userId })).devices;

/** The code that an authenticator shows some periods from now. */
const shown = (secret: string, offset = 0, period = 30) =>
  codeOf(secret, Math.floor(world.now() / 1000 / period) + offset);

function wrong(secret: string): string {
  const near = [-3, -2, -1, 0, 1, 2, 3].map((offset) => shown(secret, offset));
  return ['000000', '111111', '222222', '333333', '444444', '555555', '666666', '777777'].find(
    (code) => !near.includes(code),
  )!;
}

/** Somebody with one proven device. The code that proved it is of a period before this one, so the present one is unused. */
async function enrolled(userId = newPerson()) {
  const { secret, deviceName } = await addDevice({ userId, deviceName: 'phone', skew: 2 });
  expect((await verifyDevice({ userId, deviceName, totp: shown(secret, -1) })).status).toBe('OK');
  return { userId, secret: secret as string };
}

/** The same, after so long that no code of that time is of any use. */
async function enrolledLongAgo() {
  const userId = newPerson();
  const { secret, deviceName } = await addDevice({ userId, deviceName: 'phone' });
  expect((await verifyDevice({ userId, deviceName, totp: shown(secret) })).status).toBe('OK');
  world.later(120_000);
  return { userId, secret: secret as string };
}

describe('the codes', () => {
  it('are those of RFC 6238', () => {
    const secret = toBase32(Buffer.from('12345678901234567890'));
    expect(fromBase32(secret).toString()).toBe('12345678901234567890');
    const times = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000];
    expect(times.map((seconds) => codeOf(secret, Math.floor(seconds / 30)))).toEqual([
      '287082',
      '081804',
      '050471',
      '005924',
      '279037',
      '353130',
    ]);
  });
});

describe('devices', () => {
  licensed('are made, listed, renamed and removed', async () => {
    const userId = newPerson();
    const created = await addDevice({ userId, deviceName: 'phone', skew: 2, period: 60 });
    expect(created).toEqual({ status: 'OK', deviceName: 'phone', secret: expect.stringMatching(/^[A-Z2-7]{32}$/) });
    expect(await list(userId)).toEqual([{ name: 'phone', period: 60, skew: 2, verified: false }]);

    const rename = (existingDeviceName: string, newDeviceName: string) =>
      world.put('/recipe/totp/device', { userId, existingDeviceName, newDeviceName });
    expect(await rename('phone', 'tablet')).toEqual({ status: 'OK' });
    expect(await rename('phone', 'watch')).toEqual({ status: 'UNKNOWN_DEVICE_ERROR' });
    await addDevice({ userId, deviceName: 'watch' });
    expect(await rename('watch', 'tablet')).toEqual({ status: 'DEVICE_ALREADY_EXISTS_ERROR' });

    const remove = (deviceName: string) => world.post('/recipe/totp/device/remove', { userId, deviceName });
    expect(await remove('tablet')).toEqual({ status: 'OK', didDeviceExist: true });
    expect(await remove('tablet')).toEqual({ status: 'OK', didDeviceExist: false });
    expect((await list(userId)).map((device: { name: string }) => device.name)).toEqual(['watch']);
  });

  licensed('give way to the next attempt until they are proven', async () => {
    const userId = newPerson();
    const first = await addDevice({ userId });
    const next = await addDevice({ userId });
    expect([first.deviceName, next.deviceName]).toEqual(['TOTP Device 0', 'TOTP Device 0']);
    expect(next.secret).not.toBe(first.secret);
    const proof = { userId, deviceName: next.deviceName };
    expect(await verifyDevice({ ...proof, totp: shown(next.secret) })).toEqual({
      status: 'OK',
      wasAlreadyVerified: false,
    });
    expect(await verifyDevice({ ...proof, totp: '000000' })).toEqual({ status: 'OK', wasAlreadyVerified: true });
    expect(await addDevice(proof)).toEqual({ status: 'DEVICE_ALREADY_EXISTS_ERROR' });
    expect((await addDevice({ userId })).deviceName).toBe('TOTP Device 1');
  });

  licensed('are refused in words when a field is wrong', async () => {
    const userId = newPerson();
    const device = { userId, skew: 1, period: 30 };
    const texts = await Promise.all(
      [{ deviceName: '' }, { skew: -1 }, { period: 0 }, { userId: '' }].map((fields) =>
        world.failure('POST', '/recipe/totp/device', { ...device, ...fields }),
      ),
    );
    expect(texts).toEqual([
      [400, 'deviceName cannot be empty'],
      [400, 'skew must be >= 0'],
      [400, 'period must be > 0'],
      [400, 'userId cannot be empty'],
    ]);
  });

  licensed('judge a code of another length like any wrong one, and count it (row 39)', async () => {
    const { userId } = await enrolled();
    const verify = (fields: object) => world.post('/public/recipe/totp/verify', fields);
    for (const [index, totp] of ['12345', '1234567', '', 'letters'].entries())
      expect(await verify({ userId, totp })).toEqual({
        status: 'INVALID_TOTP_ERROR',
        currentNumberOfFailedAttempts: index + 1,
        maxNumberOfFailedAttempts: 5,
      });
    expect(await verify({ userId: newPerson(), totp: '12345' })).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
    expect(await verifyDevice({ userId, deviceName: 'ghost', totp: '12345' })).toEqual({
      status: 'UNKNOWN_DEVICE_ERROR',
    });
  });

  licensed('that nobody made prove nothing', async () => {
    const userId = newPerson();
    expect(await verifyDevice({ userId, deviceName: 'ghost', totp: '000000' })).toEqual({
      status: 'UNKNOWN_DEVICE_ERROR',
    });
    expect(await verify(userId, '000000')).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
    expect(await list(userId)).toEqual([]);
    const { secret } = await addDevice({ userId, deviceName: 'phone' });
    expect((await verify(userId, shown(secret))).status).toBe('INVALID_TOTP_ERROR');
  });
});

describe('a code', () => {
  insideOnly.clock('may be as late or early as the skew of its device', async () => {
    for (const [offset, status] of [
      [-2, 'INVALID_TOTP_ERROR'],
      [-1, 'OK'],
      [1, 'OK'],
      [2, 'INVALID_TOTP_ERROR'],
    ] as const) {
      const { userId, secret } = await enrolledLongAgo();
      expect((await verify(userId, shown(secret, offset))).status).toBe(status);
    }
  });

  insideOnly.clock('works once, also when two servers are asked at the same moment', async () => {
    const { userId, secret } = await enrolledLongAgo();
    const totp = shown(secret);
    const answers = await world.race(
      second,
      '/public/recipe/totp/verify',
      Array.from({ length: 4 }, () => ({ userId, totp })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'INVALID_TOTP_ERROR'),
      'OK',
    ]);
    world.later(30_000);
    expect((await verify(userId, totp)).status).toBe('INVALID_TOTP_ERROR');
    expect((await verify(userId, shown(secret))).status).toBe('OK');
  });

  licensed('that proved a device cannot be used again to sign in', async () => {
    const userId = newPerson();
    const { secret } = await addDevice({ userId, deviceName: 'phone' });
    const totp = shown(secret);
    expect((await verifyDevice({ userId, deviceName: 'phone', totp })).status).toBe('OK');
    expect((await verify(userId, totp)).status).toBe('INVALID_TOTP_ERROR');
  });
});

describe('guessing', () => {
  insideOnly.clock('ends after five wrong codes, for fifteen minutes from the last', async () => {
    const { userId, secret } = await enrolledLongAgo();
    const counts = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      if (attempt > 0) world.later(60_000);
      counts.push(await verify(userId, wrong(secret)));
    }
    expect(counts).toEqual(
      [1, 2, 3, 4, 5].map((currentNumberOfFailedAttempts) => ({
        status: 'INVALID_TOTP_ERROR',
        currentNumberOfFailedAttempts,
        maxNumberOfFailedAttempts: 5,
      })),
    );
    world.later(60_000);
    const blocked = await verify(userId, shown(secret));
    expect(blocked).toEqual({
      status: 'LIMIT_REACHED_ERROR',
      retryAfterMs: expect.any(Number),
      currentNumberOfFailedAttempts: 5,
      maxNumberOfFailedAttempts: 5,
    });
    expect(blocked.retryAfterMs).toBeLessThanOrEqual(840_000);
    expect(blocked.retryAfterMs).toBeGreaterThan(820_000);
    // Being refused does not lengthen the wait.
    world.later(blocked.retryAfterMs);
    expect((await verify(userId, shown(secret))).status).toBe('OK');
    expect((await verify(userId, wrong(secret))).currentNumberOfFailedAttempts).toBe(1);
  });

  licensed('at two servers at once is no faster', async () => {
    const { userId, secret } = await enrolled();
    const totp = wrong(secret);
    const answers = await world.race(
      second,
      '/public/recipe/totp/verify',
      Array.from({ length: 12 }, () => ({ userId, totp })),
    );
    const count = (status: string) => answers.filter((answer) => answer.status === status).length;
    expect([count('INVALID_TOTP_ERROR'), count('LIMIT_REACHED_ERROR')]).toEqual([5, 7]);
  });

  licensed('starts over after a right code, and counts for one user only', async () => {
    const [ann, bo] = [await enrolled(), await enrolled()];
    for (let attempt = 0; attempt < 4; attempt++) await verify(ann.userId, wrong(ann.secret));
    expect((await verify(ann.userId, shown(ann.secret))).status).toBe('OK');
    expect((await verify(ann.userId, wrong(ann.secret))).currentNumberOfFailedAttempts).toBe(1);
    expect((await verify(bo.userId, wrong(bo.secret))).currentNumberOfFailedAttempts).toBe(1);
  });

  licensed('is removed with the last device of a user, and not before', async () => {
    const { userId, secret } = await enrolled();
    await addDevice({ userId, deviceName: 'tablet' });
    const remove = (deviceName: string) => world.post('/recipe/totp/device/remove', { userId, deviceName });
    await verify(userId, wrong(secret));
    await remove('tablet');
    expect((await verify(userId, wrong(secret))).currentNumberOfFailedAttempts).toBe(2);
    await remove('phone');
    const next = await addDevice({ userId, deviceName: 'phone' });
    const guess = await verifyDevice({ userId, deviceName: 'phone', totp: wrong(next.secret) });
    expect(guess.currentNumberOfFailedAttempts).toBe(1);
  });

  insideOnly.apps('is limited as the app says', async () => {
    const coreConfig = { totp_max_attempts: 2, totp_rate_limit_cooldown_sec: 10 };
    await world.put('/recipe/multitenancy/app/v2', { appId: 'strict', coreConfig });
    const inApp = (path: string, fields: object) => world.post(`/appid-strict/public/recipe/totp${path}`, fields);
    const { secret } = await inApp('/device', { userId: 'ann', deviceName: 'phone', skew: 1, period: 30 });
    const guess = (totp: string) => inApp('/device/verify', { userId: 'ann', deviceName: 'phone', totp });
    await guess(wrong(secret));
    expect(await guess(wrong(secret))).toMatchObject({ status: 'INVALID_TOTP_ERROR', maxNumberOfFailedAttempts: 2 });
    expect(await guess(shown(secret))).toMatchObject({
      status: 'LIMIT_REACHED_ERROR',
      retryAfterMs: expect.any(Number),
    });
    world.later(10_001);
    expect((await guess(shown(secret))).status).toBe('OK');
    const half = { appId: 'strict', coreConfig: { totp_max_attempts: 1.5 } };
    expect((await world.call('PUT', '/recipe/multitenancy/app/v2', half)).statusCode).toBe(400);
  });
});

describe('without the licence', () => {
  insideOnly.process('devices can be seen, renamed and removed, but not made or used', async () => {
    const { userId } = await enrolled();
    const plain = await world.another({ features: [] });
    try {
      const call = (path: string, fields: object) => world.call('POST', path, fields, {}, plain);
      const refused = await Promise.all([
        call('/recipe/totp/device', { userId, deviceName: 'x', skew: 1, period: 30 }),
        call('/public/recipe/totp/verify', { userId, totp: '000000' }),
      ]);
      expect(refused.map((answer) => answer.statusCode)).toEqual([402, 402]);
      const devices = await world.call('GET', '/recipe/totp/device/list', { userId }, {}, plain);
      expect(devices.body.devices).toHaveLength(1);
      const proof = await call('/public/recipe/totp/device/verify', { userId, deviceName: 'phone', totp: '000000' });
      expect(proof.body).toEqual({ status: 'OK', wasAlreadyVerified: true });
      const removed = await call('/recipe/totp/device/remove', { userId, deviceName: 'phone' });
      expect(removed.body).toEqual({ status: 'OK', didDeviceExist: true });
    } finally {
      await plain.close();
    }
  });
});
