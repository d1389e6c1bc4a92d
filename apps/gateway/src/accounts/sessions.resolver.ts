import {} from '@nestjs/common';
import { Args, Context, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type SignIn, signInRpc } from '@fowergram/contracts-user';
import { type ConnectionOf, PageArgs, pageInput, toConnection } from '../api/schema/connection.types.js';
import type { RequestContext } from '../api/context/request-context.js';
import { AccountSessionsService } from '../auth/sessions/account-sessions.service.js';
import type { Session } from '../auth/sessions/session.js';
import { Viewer, ViewerId } from '../api/context/viewer.decorator.js';
import { AccountSession, SignInConnection } from './sign-ins.types.js';

@Resolver()
export class SessionsResolver {
  constructor(private readonly sessions: AccountSessionsService) {}

  @Query(() => [AccountSession], { nullable: true, description: 'Where you are signed in, last used first.' })
  async mySessions(@Viewer() viewer: Session): Promise<AccountSession[]> {
    const sessions = await this.sessions.list(viewer.userId);
    return sessions.map(({ handle, device, ipAddress, createdAt, lastUsedAt }) => ({
      id: handle,
      isCurrent: handle === viewer.handle,
      device,
      ipAddress,
      signedInAt: createdAt,
      lastUsedAt,
    }));
  }

  @Query(() => SignInConnection, {
    nullable: true,
    description: 'Your login history of the last 180 days, newest first.',
  })
  async signInHistory(
    @ViewerId() userId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
  ): Promise<ConnectionOf<SignIn>> {
    return toConnection(await context.query(signInRpc.list, { userId, ...pageInput(args) }), args);
  }

  @Mutation(() => Boolean, {
    description: 'Signs one of your sessions out, at once and with its sockets. Doing it again is harmless.',
  })
  async revokeSession(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'A session of mySessions; one that is over is no error.' }) id: string,
  ): Promise<boolean> {
    await this.sessions.end(userId, id);
    return true;
  }

  @Mutation(() => Int, { description: 'Signs you out everywhere but here; answers how many sessions ended.' })
  revokeOtherSessions(@Viewer() viewer: Session): Promise<number> {
    return this.sessions.endOthers(viewer);
  }
}
