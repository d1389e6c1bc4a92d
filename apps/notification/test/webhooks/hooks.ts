import {
  type Webhook,
  type WebhookDelivery,
  type WebhookEventType,
  webhookRpc,
} from '@fowergram/contracts-notification';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import type { World } from '../world.js';
import { Receiver } from './receiver.js';

const ACT = { administratorId: newId(), reason: 'For a test.' };

/** What tests do with webhooks, and the server that is notified. */
export class Hooks {
  private paths = 0;

  private constructor(
    readonly world: World,
    readonly receiver: Receiver,
  ) {}

  static async open(world: World): Promise<Hooks> {
    const hooks = new Hooks(world, await Receiver.start());
    // What happened before a network was there is nobody's to be notified.
    await eventually(async () => (await world.db.query('select from webhook_position')).length > 0);
    return hooks;
  }

  /** A new webhook at a path of its own, or at an address. */
  async add({
    accountId = newId(),
    events = ['liked'] as WebhookEventType[],
    url = undefined as string | undefined,
  } = {}): Promise<{ webhook: Webhook; secret: string; path: string }> {
    const path = `/hook-${++this.paths}`;
    const input = { ...ACT, accountId, url: url ?? this.receiver.urlOf(path), events };
    const { webhook, secret } = await this.world.call(webhookRpc.create, input);
    return { webhook, secret: secret!, path };
  }

  async ledgerOf({ id: webhookId }: Pick<Webhook, 'id'>): Promise<WebhookDelivery[]> {
    const { edges } = await this.world.call(webhookRpc.deliveries, { webhookId, accountId: null, first: 100 });
    return edges.map(({ node }) => node);
  }

  /** The only line of a ledger, once it is as it should be. */
  becomes({ id }: Pick<Webhook, 'id'>, expected: Partial<WebhookDelivery>): Promise<WebhookDelivery> {
    return eventually(async () => {
      const [line] = await this.ledgerOf({ id });
      expect(line).toMatchObject(expected);
      return line!;
    });
  }

  async now({ id: webhookId }: Pick<Webhook, 'id'>): Promise<Webhook> {
    return (await this.world.call(webhookRpc.byId, { webhookId, accountId: null }))!;
  }

  act({ id: webhookId }: Pick<Webhook, 'id'>) {
    return { ...ACT, webhookId, accountId: null };
  }

  /** Makes due what waits for a webhook, as time does. */
  async passTime({ id }: Pick<Webhook, 'id'>): Promise<void> {
    await this.world.db.query(`update webhook_delivery set due_at = now() where webhook_id = $1 and due_at > now()`, [
      id,
    ]);
  }

  async close(): Promise<void> {
    await this.receiver.stop();
  }
}
