import type { Sql } from '@fowergram/database';
import type { EventContext } from '@fowergram/messaging';

/** Records in the transaction of the effect that a consumer has seen an event; false when it has done so before. */
export async function markProcessed(tx: Sql, context: Pick<EventContext, 'consumer' | 'eventId'>): Promise<boolean> {
  const rows = await tx.query(
    'insert into inbox (consumer, event_id) values ($1, $2) on conflict do nothing returning 1 as fresh',
    [context.consumer, context.eventId],
  );
  return rows.length > 0;
}
