import { Inject, Injectable } from '@nestjs/common';
import { sessionRpc } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';

/** Longer than the auth core takes to change a password or to fail at it. */
const CHANGE_TIMEOUT_MS = 4_000;

/**
 * Has changes of passwords recorded by the user service, which says of an account that is signed in to when its password changed. A
 * sign-in by the former one that is under way meanwhile makes a session that a change, which ends the sessions that it finds, does
 * not find.
 */
@Injectable()
export class PasswordChangesClient {
  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Runs the change of a password; throws UNAVAILABLE, with nothing changed, where it cannot be recorded. Until it is over every
   * password that was shown counts as the former one.
   */
  async record<T>(userId: string, change: () => Promise<T>): Promise<T> {
    await this.note(userId, Date.now() + CHANGE_TIMEOUT_MS);
    const result = await change();
    await this.note(userId, Date.now()).catch((error: unknown) =>
      this.log.warn({ err: error, userId }, 'end of a password change not recorded, it counts as later than it was'),
    );
    return result;
  }

  private async note(userId: string, at: number): Promise<void> {
    await this.bus.call(sessionRpc.passwordChanged, { userId, at: new Date(at).toISOString() });
  }
}
