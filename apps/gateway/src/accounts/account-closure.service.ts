import { Inject, Injectable } from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import { getUser } from 'supertokens-node';
import type { MailContent } from '@fowergram/contracts-notification';
import { accountRpc, type Erasure, userRpc } from '@fowergram/contracts-user';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import type { RequestContext } from '../api/context/request-context.js';
import { AccountSessionsService } from '../auth/sessions/account-sessions.service.js';
import { MailClient } from '../auth/mail/mail.client.js';
import { ReauthenticationService } from '../auth/account-access/reauthentication.service.js';
import type { Session } from '../auth/sessions/session.js';

const PASSWORD = ['input', 'password'];

/** Leaving, for a while or for good. What the user service has written down happens everywhere, also when this process dies here. */
@Injectable()
export class AccountClosureService {
  constructor(
    private readonly reauthentication: ReauthenticationService,
    private readonly sessions: AccountSessionsService,
    private readonly mails: MailClient,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async deactivate(
    session: Session,
    password: string | null | undefined,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<void> {
    await this.reauthentication.require(session, password, PASSWORD);
    await context.command(info, accountRpc.deactivate, { userId: session.userId });
    await this.leave(session, context, await addressOf(session), {
      template: 'account-deactivated',
      values: { link: this.mails.link('/auth') },
    });
  }

  async delete(
    session: Session,
    password: string | null | undefined,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<Erasure> {
    await this.reauthentication.require(session, password, PASSWORD);
    const [[profile], email] = await Promise.all([
      context.ask(userRpc.profilesByIds, { ids: [session.userId] }),
      addressOf(session),
    ]);
    const erasure = await context.command(info, accountRpc.delete, { userId: session.userId });
    await this.leave(session, context, email, {
      template: 'account-deleted',
      values: { receipt: erasure.id, username: profile?.username ?? '' },
    });
    return erasure;
  }

  /** Sooner than the event of the user service does it; what fails here is done by it. */
  private async leave(
    { userId }: Session,
    context: RequestContext,
    email: string | undefined,
    content: MailContent,
  ): Promise<void> {
    context.shared.userCache.invalidate(userId);
    const done = await Promise.allSettled([
      this.sessions.endAll(userId),
      email === undefined ? undefined : this.mails.send(email, content),
    ]);
    for (const each of done)
      if (each.status === 'rejected')
        this.log.warn({ err: each.reason as unknown, userId }, 'account left, not everybody notified yet');
  }
}

async function addressOf({ userId }: Session): Promise<string | undefined> {
  return (await getUser(userId))?.emails[0];
}
