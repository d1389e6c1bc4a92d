import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import {
  MAX_WEBHOOKS_PER_ACCOUNT,
  OLD_SECRET_HOURS,
  type Webhook,
  type WebhookDelivery,
  webhookRpc,
} from '@fowergram/contracts-notification';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { type ConnectionOf, PageArgs, pageInput, toConnection } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { accountOf, actOf, confirmKeeper } from './confirmed-keeper.js';
import { type Keeper, WebhookKeeper } from './keeper.decorator.js';
import { CreateWebhookInput, ReplayWebhookInput, UpdateWebhookInput, WebhookInput } from './webhook-inputs.types.js';
import {
  WebhookDeliveryConnection,
  WebhookDeliveryType,
  WebhookReplay,
  WebhookType,
  WebhookWithSecret,
} from './webhooks.types.js';

const WHO = 'For administrators, and over REST for the service account itself.';

/** The notification service keeps webhooks and the record; here only those pass who may look after them. */
@Resolver(() => WebhookType)
export class WebhooksResolver {
  @Query(() => [WebhookType], {
    nullable: true,
    description: `${WHO} All webhooks of a service account, newest first; ${MAX_WEBHOOKS_PER_ACCOUNT} at most.`,
  })
  async webhooks(
    @WebhookKeeper() keeper: Keeper,
    @Args('accountId', {
      type: () => ID,
      nullable: true,
      description: 'Whose, which administrators have to say; a service account reads its own.',
    })
    accountId: string | null | undefined,
    @Context() context: RequestContext,
  ): Promise<Webhook[]> {
    const named = accountId == null ? undefined : parseId('service-account', accountId, ['accountId']);
    return context.ask(webhookRpc.list, { accountId: await accountOf(context, keeper, named, ['accountId']) });
  }

  @Query(() => WebhookType, {
    nullable: true,
    description: `${WHO} One webhook; null for one that is not there.`,
  })
  async webhook(
    @WebhookKeeper() keeper: Keeper,
    @Args('id', { type: () => ID, description: 'The id that createWebhook has answered.' }) id: string,
    @Context() context: RequestContext,
  ): Promise<Webhook | null> {
    const webhookId = parseId('webhook', id, ['id']);
    await confirmKeeper(context, keeper);
    return context.ask(webhookRpc.byId, { webhookId, accountId: keeper.accountId });
  }

  @Mutation(() => WebhookWithSecret, {
    description: `${WHO} Makes a webhook of an account that has the scope WEBHOOKS_MANAGE; ${MAX_WEBHOOKS_PER_ACCOUNT} at most (FORBIDDEN, WEBHOOK_LIMIT).`,
  })
  async createWebhook(
    @WebhookKeeper() keeper: Keeper,
    @Args('input', { description: 'Where to tell what.' }) input: CreateWebhookInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookWithSecret> {
    const { url, events, reason } = input;
    const path = ['input', 'accountId'];
    const named = input.accountId == null ? undefined : parseId('service-account', input.accountId, path);
    const act = actOf(keeper, reason);
    const accountId = await accountOf(context, keeper, named, path);
    return context.command(info, webhookRpc.create, { ...act, accountId, url, events }, inInput);
  }

  @Mutation(() => WebhookType, { description: `${WHO} Changes where a webhook is notified, or of what.` })
  async updateWebhook(
    @WebhookKeeper() keeper: Keeper,
    @Args('input', { description: 'Which webhook, and what is to be another.' }) input: UpdateWebhookInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Webhook> {
    const { url = null, events = null } = input;
    const act = { ...(await this.onWebhook(context, keeper, input)), url, events };
    return context.command(info, webhookRpc.update, act, inInput);
  }

  @Mutation(() => WebhookWithSecret, {
    description: `${WHO} Makes another secret. For ${OLD_SECRET_HOURS} hours what is sent has a signature of the old one, too.`,
  })
  async rotateWebhookSecret(
    @WebhookKeeper() keeper: Keeper,
    @Args('input', { description: 'Which webhook, and why.' }) input: WebhookInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookWithSecret> {
    return context.command(info, webhookRpc.rotateSecret, await this.onWebhook(context, keeper, input), inInput);
  }

  @Mutation(() => WebhookType, {
    description: `${WHO} Stops a webhook: what waits goes on waiting, and nothing is written down for it from now on.`,
  })
  async stopWebhook(
    @WebhookKeeper() keeper: Keeper,
    @Args('input', { description: 'Which webhook, and why.' }) input: WebhookInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Webhook> {
    return context.command(info, webhookRpc.stop, await this.onWebhook(context, keeper, input), inInput);
  }

  @Mutation(() => WebhookType, { description: `${WHO} Starts a webhook again, whyever it was stopped.` })
  async startWebhook(
    @WebhookKeeper() keeper: Keeper,
    @Args('input', { description: 'Which webhook, and why.' }) input: WebhookInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Webhook> {
    return context.command(info, webhookRpc.start, await this.onWebhook(context, keeper, input), inInput);
  }

  @Mutation(() => WebhookReplay, {
    description: `${WHO} Notifies a webhook again, with the same webhook-id, what it was or could not be notified of.`,
  })
  async replayWebhook(
    @WebhookKeeper() keeper: Keeper,
    @Args('input', { description: 'Which webhook, and of what it is notified again.' }) input: ReplayWebhookInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookReplay> {
    const { deliveryId, since = null } = input;
    const named = deliveryId == null ? null : parseId('webhook-delivery', deliveryId, ['input', 'deliveryId']);
    const act = { ...(await this.onWebhook(context, keeper, input)), deliveryId: named, since };
    return context.command(info, webhookRpc.replay, act, inInput);
  }

  @Mutation(() => WebhookType, { description: `${WHO} Ends a webhook with its ledger, for good.` })
  async deleteWebhook(
    @WebhookKeeper() keeper: Keeper,
    @Args('input', { description: 'Which webhook, and why.' }) input: WebhookInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Webhook> {
    return context.command(info, webhookRpc.remove, await this.onWebhook(context, keeper, input), inInput);
  }

  @ResolveField(() => ID, { description: 'Names the webhook for other operations; node(id) does not find it.' })
  id({ id }: Webhook): string {
    return globalId('webhook', id);
  }

  @ResolveField(() => ID, { description: 'The service account that it belongs to.' })
  accountId({ accountId }: Webhook): string {
    return globalId('service-account', accountId);
  }

  @ResolveField(() => WebhookDeliveryConnection, {
    description: 'What it was notified of in the last seven days, or is to be, newest first.',
  })
  @FieldArgs(PageArgs)
  async deliveries(
    { id, accountId }: Webhook,
    args: PageArgs,
    context: RequestContext,
  ): Promise<ConnectionOf<WebhookDelivery>> {
    const input = { webhookId: id, accountId, ...pageInput(args) };
    return toConnection(await context.query(webhookRpc.deliveries, input), args);
  }

  private async onWebhook(context: RequestContext, keeper: Keeper, { webhookId, reason }: WebhookInput) {
    const named = parseId('webhook', webhookId, ['input', 'webhookId']);
    const act = actOf(keeper, reason);
    await confirmKeeper(context, keeper);
    return { ...act, accountId: keeper.accountId, webhookId: named };
  }
}

@Resolver(() => WebhookDeliveryType)
export class WebhookDeliveryResolver {
  @ResolveField(() => ID, { description: 'Names the delivery for replayWebhook; node(id) does not find it.' })
  id({ id }: WebhookDelivery): string {
    return globalId('webhook-delivery', id);
  }
}
