import { Injectable } from '@nestjs/common';
import { notificationPush } from '@fowergram/contracts-notification';
import type { Tx } from '@fowergram/database';
import { pushSubject } from '@fowergram/messaging';

/** A recipient, and somebody of whom they are to hear nothing. */
export interface Silence {
  recipientId: string;
  actorId: string;
}

@Injectable()
export class PushesRepository {
  /** Takes back the pushes to recipients that are not sent yet and are about these actors. */
  async withdraw(tx: Tx, silences: Silence[]): Promise<void> {
    await tx.query(WITHDRAW, [
      silences.map(({ recipientId }) => pushSubject(recipientId, notificationPush.added)),
      silences.map(({ actorId }) => actorId),
    ]);
  }
}

const WITHDRAW = `
  delete from outbox where id = any(array(
    select id from outbox
    where published_at is null and exists (
      select from unnest($1::text[], $2::text[]) as silence (subject, actor_id)
      where silence.subject = outbox.subject and outbox.payload -> 'node' -> 'actorIds' ? silence.actor_id
    )
  ))`;
