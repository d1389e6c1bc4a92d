import { Inject, Injectable } from '@nestjs/common';
import { type Client, signInRpc } from '@fowergram/contracts-user';
import type { Input, Output } from '@fowergram/contracts-core';
import { Bus } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';

type SignInLine = Input<typeof signInRpc.record>;

/** Writes the login history. It tells of what has happened, so it never fails what it tells of. */
@Injectable()
export class SignInHistoryClient {
  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Answers whether the user never came with this kind of device before, and what it is called; false where nobody can tell. */
  async record(line: SignInLine): Promise<Output<typeof signInRpc.record>> {
    try {
      return await this.bus.call(signInRpc.record, line);
    } catch (error) {
      this.log.error({ err: error, userId: line.userId, outcome: line.outcome }, 'sign-in not written to the history');
      return { isNewDevice: false, device: 'Unknown device' };
    }
  }

  /** Notes where a session is used now. */
  async touch(userId: string, sessionHandle: string, client: Client): Promise<void> {
    await this.bus
      .call(signInRpc.touch, { userId, sessionHandle, client })
      .catch((error: unknown) => this.log.warn({ err: error, userId }, 'use of a session not noted'));
  }
}
