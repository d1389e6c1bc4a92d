import { randomUUID } from 'node:crypto';
import type { ListCase, OpenList } from './cases.js';
import type { Stage } from './stage.js';

const WEBHOOK = `
  insert into webhook (id, account_id, url, events, secret, state, stop_reason)
  values ($1, $2, 'https://receiver.example.com/', '{liked}', '', 'STOPPED', 'BY_HAND')`;
const DELIVERY = `
  insert into webhook_delivery (id, webhook_id, event_id, event, payload, user_ids, happened_at, state, created_at)
  values ($1, $2, $3, 'liked', '{}', '{}', $4, 'DELIVERED', $4)`;

async function deliveries(stage: Stage): Promise<OpenList> {
  const webhook = randomUUID();
  await stage.write('notification', WEBHOOK, [webhook, randomUUID()]);
  return {
    owner: `webhook(id: "webhook_${webhook}")`,
    add: async (at) => {
      const id = randomUUID();
      // From now on: what is older than a week is purged.
      await stage.write('notification', DELIVERY, [id, webhook, id, new Date(Date.now() + (at.getTime() % 5))]);
      return id;
    },
    remove: (id) => stage.write('notification', 'delete from webhook_delivery where id = $1', [id]),
  };
}

export const webhookLists: ListCase[] = [
  { field: 'Webhook.deliveries', open: deliveries, noCrowd: 'Whoever sees the webhook sees all that it was sent.' },
];
