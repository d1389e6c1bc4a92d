import {} from '@nestjs/common';
import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type SignIn, signInRpc } from '@fowergram/contracts-user';
import { type ConnectionOf, PageArgs, pageInput, toConnection } from '../api/schema/connection.types.js';
import { once } from '../api/context/once.js';
import type { RequestContext } from '../api/context/request-context.js';
import { AccountSessionsService } from '../auth/sessions/account-sessions.service.js';
import type { Session } from '../auth/sessions/session.js';
import { Viewer, ViewerId } from '../api/context/viewer.decorator.js';
import { globalId } from '../api/schema/global-id.js';
import { type AccountOwner, MyAccount, RevokeOtherSessionsPayload, RevokeSessionPayload } from './accounts.types.js';
import { AccountSession, SignInConnection, SignInType } from './sign-ins.types.js';

@Resolver(() => MyAccount)
export class SessionsResolver {
  constructor(private readonly accountSessions: AccountSessionsService) {}

  @Query(() => [AccountSession], { nullable: true, description: 'Where you are signed in, last used first.' })
  mySessions(@Viewer() viewer: Session): Promise<AccountSession[]> {
    return this.list(viewer);
  }

  @ResolveField(() => [AccountSession], { description: 'Where you are signed in, last used first.' })
  sessions(_account: AccountOwner, _args: unknown, { session }: RequestContext): Promise<AccountSession[]> {
    return this.list(session!);
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

  @Mutation(() => RevokeSessionPayload, {
    description: 'Signs one of your sessions out, at once and with its sockets. Doing it again is harmless.',
  })
  async revokeSession(
    @Viewer() viewer: Session,
    @Args('id', { type: () => ID, description: 'A session of mySessions; one that is over is no error.' }) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RevokeSessionPayload> {
    const sessionId = await once(context, info, { id }, async () => {
      await this.accountSessions.end(viewer.userId, id);
      return id;
    });
    return { sessionId, account: viewer };
  }

  @Mutation(() => RevokeOtherSessionsPayload, { description: 'Signs you out everywhere but here.' })
  async revokeOtherSessions(
    @Viewer() viewer: Session,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RevokeOtherSessionsPayload> {
    const sessionIds = await once(context, info, {}, () => this.accountSessions.endOthers(viewer));
    return { sessionIds, account: viewer };
  }

  private async list({ userId, handle: current }: Session): Promise<AccountSession[]> {
    const sessions = await this.accountSessions.list(userId);
    return sessions.map(({ handle, device, ipAddress, createdAt, lastUsedAt }) => ({
      id: handle,
      isCurrent: handle === current,
      device,
      ipAddress,
      signedInAt: createdAt,
      lastUsedAt,
    }));
  }
}

@Resolver(() => SignInType)
export class SignInsResolver {
  @ResolveField()
  id(signIn: SignIn): string {
    return globalId('sign-in', signIn.id);
  }
}
