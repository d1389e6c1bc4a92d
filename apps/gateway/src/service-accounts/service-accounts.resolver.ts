import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import {
  MAX_KEYS_PER_SERVICE_ACCOUNT,
  MAX_SERVICE_ACCOUNTS,
  type ServiceAccount,
  serviceAccountRpc,
  type ServiceKey,
} from '@fowergram/contracts-user';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { AdminId } from '../api/context/viewer.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import {
  CreateServiceAccountInput,
  RevokeServiceKeyInput,
  ServiceAccountInput,
  ServiceAccountType,
  ServiceAccountWithKey,
  ServiceKeyType,
} from './service-accounts.types.js';

/** The user service decides who may do it and keeps the record; here only administrators pass. */
@Resolver(() => ServiceAccountType)
export class ServiceAccountsResolver {
  @Query(() => [ServiceAccountType], {
    nullable: true,
    description: `For administrators: all service accounts, newest first; ${MAX_SERVICE_ACCOUNTS} at most.`,
  })
  serviceAccounts(@AdminId() administratorId: string, @Context() context: RequestContext): Promise<ServiceAccount[]> {
    return context.ask(serviceAccountRpc.list, { administratorId });
  }

  @Mutation(() => ServiceAccountWithKey, {
    description: `For administrators. Makes a service account with its first key; ${MAX_SERVICE_ACCOUNTS} accounts at most (FORBIDDEN, SERVICE_ACCOUNT_LIMIT).`,
  })
  createServiceAccount(
    @AdminId() administratorId: string,
    @Args('input', { description: 'What to call it, and what it may do.' }) input: CreateServiceAccountInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ServiceAccountWithKey> {
    return context.command(info, serviceAccountRpc.create, { administratorId, ...input }, inInput);
  }

  @Mutation(() => ServiceAccountWithKey, {
    description: `For administrators. Makes one more key, so that the old one can be revoked when nobody uses it any more; ${MAX_KEYS_PER_SERVICE_ACCOUNT} at most (FORBIDDEN, SERVICE_KEY_LIMIT).`,
  })
  createServiceKey(
    @AdminId() administratorId: string,
    @Args('input', { description: 'Which account gets a key.' }) input: ServiceAccountInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ServiceAccountWithKey> {
    return context.command(info, serviceAccountRpc.createKey, onAccount(administratorId, input), inInput);
  }

  @Mutation(() => ServiceAccountType, {
    description: 'For administrators. Revokes a key: from now on it opens nothing.',
  })
  revokeServiceKey(
    @AdminId() administratorId: string,
    @Args('input', { description: 'Which key, and why.' }) { keyId, reason }: RevokeServiceKeyInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ServiceAccount> {
    const input = { administratorId, keyId: parseId('service-key', keyId, ['input', 'keyId']), reason };
    return context.command(info, serviceAccountRpc.revokeKey, input, inInput);
  }

  @Mutation(() => ServiceAccountType, {
    description: 'For administrators. Ends a service account with all of its keys, for good.',
  })
  closeServiceAccount(
    @AdminId() administratorId: string,
    @Args('input', { description: 'Which account, and why.' }) input: ServiceAccountInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ServiceAccount> {
    return context.command(info, serviceAccountRpc.close, onAccount(administratorId, input), inInput);
  }

  @ResolveField(() => ID, { description: 'Names the account for other operations; node(id) does not find it.' })
  id({ id }: ServiceAccount): string {
    return globalId('service-account', id);
  }
}

@Resolver(() => ServiceKeyType)
export class ServiceKeyResolver {
  @ResolveField(() => ID, { description: 'Names the key for revokeServiceKey; node(id) does not find it.' })
  id({ id }: ServiceKey): string {
    return globalId('service-key', id);
  }
}

const onAccount = (administratorId: string, { accountId, reason }: ServiceAccountInput) => ({
  administratorId,
  accountId: parseId('service-account', accountId, ['input', 'accountId']),
  reason,
});
