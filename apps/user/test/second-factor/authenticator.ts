import { URI } from 'otpauth';
import { secondFactorRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import type { World } from '../world.js';

const STEP_MS = 30_000;

/** The app on a user's phone, which has read the QR code. */
export class Authenticator {
  constructor(private readonly uri: string) {}

  /** The code of now, or of so many steps later. */
  code(stepsFromNow = 0): string {
    return URI.parse(this.uri).generate({ timestamp: Date.now() + stepsFromNow * STEP_MS });
  }

  /** Six digits that are right at no time around now. */
  wrong(): string {
    const right = [-3, -2, -1, 0, 1, 2, 3].map((steps) => this.code(steps));
    return ['000000', '111111', '222222', '333333', '444444', '555555', '666666', '777777'].find(
      (code) => !right.includes(code),
    )!;
  }
}

export interface Enrolled {
  userId: string;
  app: Authenticator;
  /** The code that confirmed the factor. */
  usedCode: string;
  recoveryCodes: string[];
}

/** A user whose second factor is on; the code of the next half minute is still good. */
export async function enrol(world: World, userId = newId()): Promise<Enrolled> {
  const { uri } = await world.call(secondFactorRpc.start, { userId, accountName: 'ann@example.com' });
  const app = new Authenticator(uri);
  const usedCode = app.code();
  const { recoveryCodes } = await world.call(secondFactorRpc.confirm, { userId, code: usedCode });
  return { userId, app, usedCode, recoveryCodes };
}

/** What happens in the next half minutes, without waiting for them: every code of now is as good as new. */
export const allowUsedCodes = (world: World, userId: string) =>
  world.db.query('update second_factor set last_step = 0 where user_id = $1', [userId]);

/** Makes the last failure older. */
export const letPass = (world: World, userId: string, minutes: number) =>
  world.db.query(
    'update second_factor set last_failure_at = last_failure_at - make_interval(mins => $2) where user_id = $1',
    [userId, minutes],
  );
