import { Inject, Injectable } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import {
  MAX_WEBHOOKS_PER_ACCOUNT,
  OLD_SECRET_HOURS,
  type Webhook,
  webhookRpc,
} from '@fowergram/contracts-notification';
import { Database, newId, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import { requireCallable } from '../delivery/addresses.rules.js';
import { shownSecret } from '../delivery/signatures.rules.js';
import { WebhookSecretsService } from './webhook-secrets.service.js';
import { type WebhookAction, WebhooksRepository } from './webhooks.repository.js';
import { noSuchAccount, noSuchWebhook, tooManyWebhooks } from './webhooks.rules.js';

type OnWebhook = Parsed<typeof webhookRpc.stop>;
type WithSecret = Output<typeof webhookRpc.create>;
type Change = (typeof webhookRpc)['update' | 'stop' | 'start' | 'remove'];

/** Webhooks of service accounts; each act is recorded with who did it. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly db: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly secrets: WebhookSecretsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  list(accountId: string): Promise<Webhook[]> {
    return this.webhooks.list(accountId);
  }

  async byId({ webhookId, accountId }: Parsed<typeof webhookRpc.byId>): Promise<Webhook | null> {
    return (await this.webhooks.find(webhookId, accountId)) ?? null;
  }

  create(input: Parsed<typeof webhookRpc.create>, idempotencyKey: string | undefined): Promise<WithSecret> {
    const { accountId, events } = input;
    const url = requireCallable(input.url, this.config.WEBHOOK_TARGETS);
    return this.withNewSecret(webhookRpc.create, input, idempotencyKey, async (tx, secret) => {
      if (!(await this.webhooks.lockOwner(tx, accountId))) throw noSuchAccount();
      if ((await this.webhooks.of(tx, accountId)).length >= MAX_WEBHOOKS_PER_ACCOUNT) throw tooManyWebhooks();
      const id = newId();
      await this.webhooks.insert(tx, { id, accountId, url, events, secret: this.secrets.encrypt(id, secret) });
      return this.record(tx, { ...input, webhookId: id }, accountId, 'CREATE');
    });
  }

  rotateSecret(input: OnWebhook, idempotencyKey: string | undefined): Promise<WithSecret> {
    return this.withNewSecret(webhookRpc.rotateSecret, input, idempotencyKey, async (tx, secret) => {
      const { id, accountId } = await this.lock(tx, input);
      await this.webhooks.replaceSecret(tx, id, this.secrets.encrypt(id, secret), OLD_SECRET_HOURS);
      return this.record(tx, input, accountId, 'ROTATE_SECRET');
    });
  }

  update(input: Parsed<typeof webhookRpc.update>, idempotencyKey: string | undefined): Promise<Webhook> {
    const url = input.url === null ? null : requireCallable(input.url, this.config.WEBHOOK_TARGETS);
    const change = (tx: Tx, id: string) => this.webhooks.update(tx, id, url, input.events);
    return this.change(webhookRpc.update, input, idempotencyKey, 'UPDATE', change);
  }

  /** What waits for a webhook that is stopped waits on, and nothing new is written down for it. */
  stop(input: OnWebhook, idempotencyKey: string | undefined): Promise<Webhook> {
    return this.change(webhookRpc.stop, input, idempotencyKey, 'STOP', (tx, id) => this.webhooks.stop(tx, id));
  }

  start(input: OnWebhook, idempotencyKey: string | undefined): Promise<Webhook> {
    return this.change(webhookRpc.start, input, idempotencyKey, 'START', (tx, id) => this.webhooks.start(tx, id));
  }

  /** Ends a webhook at once; a sweep removes its ledger. */
  remove(input: OnWebhook, idempotencyKey: string | undefined): Promise<Webhook> {
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, webhookRpc.remove, input, async () => {
        const webhook = await this.lock(tx, input);
        await this.record(tx, input, webhook.accountId, 'DELETE');
        await this.webhooks.remove(tx, webhook.id);
        return webhook;
      }),
    );
  }

  /** Ends all webhooks of an account that is closed; one that is made later, by a key that a gateway remembers, is refused. */
  closeAccount(accountId: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      await this.webhooks.lockOwner(tx, accountId);
      await this.webhooks.closeOwner(tx, accountId);
    });
  }

  private change(
    contract: Change,
    input: OnWebhook,
    idempotencyKey: string | undefined,
    action: WebhookAction['action'],
    effect: (tx: Tx, id: string) => Promise<void>,
  ): Promise<Webhook> {
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, contract, input, async () => {
        const { id, accountId } = await this.lock(tx, input);
        await effect(tx, id);
        return this.record(tx, input, accountId, action);
      }),
    );
  }

  /** The secret is in no stored answer: who repeats the request gets the webhook without it. */
  private async withNewSecret<C extends (typeof webhookRpc)['create' | 'rotateSecret']>(
    contract: C,
    input: Parsed<C>,
    idempotencyKey: string | undefined,
    effect: (tx: Tx, secret: Buffer) => Promise<Webhook>,
  ): Promise<WithSecret> {
    let shown: string | null = null;
    const { webhook } = await this.db.transaction((tx) =>
      withIdempotency<typeof webhookRpc.create>(tx, idempotencyKey, contract as never, input, async () => {
        const secret = this.secrets.newSecret();
        shown = shownSecret(secret);
        return { webhook: await effect(tx, secret), secret: null };
      }),
    );
    return { webhook, secret: shown };
  }

  private async lock(tx: Tx, { webhookId, accountId }: OnWebhook): Promise<Webhook> {
    await this.webhooks.lock(tx, webhookId);
    const webhook = await this.webhooks.byId(tx, webhookId, accountId);
    if (!webhook) throw noSuchWebhook();
    return webhook;
  }

  private async record(
    tx: Tx,
    { administratorId, reason, webhookId }: Omit<OnWebhook, 'accountId'>,
    accountId: string,
    action: WebhookAction['action'],
  ): Promise<Webhook> {
    await this.webhooks.recordAction(tx, { administratorId, reason, webhookId, accountId, action });
    return (await this.webhooks.byId(tx, webhookId, null))!;
  }
}
