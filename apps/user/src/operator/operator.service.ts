import { Injectable } from '@nestjs/common';
import { badInput, Id, notFound, type Output, type Parsed } from '@fowergram/contracts-core';
import type { Account, Erasure, userOperatorRpc } from '@fowergram/contracts-user';
import { auditNext } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { Outbox, OutboxAdministration } from '@fowergram/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import {
  banned,
  reinstated,
  requireAccount,
  type StoredAccount,
  suspended,
  toAccount,
} from '../accounts/accounts.rules.js';
import { COUNTERS } from '../counters/counters.registry.js';
import { ErasuresService } from '../erasure/erasures.service.js';
import { OperatorActionsRepository } from './operator-actions.repository.js';

type Rpc = typeof userOperatorRpc;

/** What operators see of this service and do in it, by the command `fowergram` (docs/on-call.md), and the audit of all that they do. */
@Injectable()
export class OperatorService {
  constructor(
    private readonly db: Database,
    private readonly actions: OperatorActionsRepository,
    private readonly accounts: AccountsRepository,
    private readonly erasures: ErasuresService,
    private readonly outbox: Outbox,
    private readonly administration: OutboxAdministration,
  ) {}

  async begin({ operator, command, subject }: Parsed<Rpc['begin']>): Promise<Output<Rpc['begin']>> {
    return { id: await this.actions.begin(operator, command, subject) };
  }

  async end({ id, outcome, detail }: Parsed<Rpc['end']>): Promise<Output<Rpc['end']>> {
    if (!(await this.actions.end(id, outcome, detail))) throw notFound('action under way', ['id']);
    return {};
  }

  async newest({ command, limit }: Parsed<Rpc['actions']>): Promise<Output<Rpc['actions']>> {
    const rows = await this.actions.newest(command, limit);
    return { actions: rows.map(({ startedAt, ...action }) => ({ ...action, startedAt: startedAt.toISOString() })) };
  }

  async state(): Promise<Output<Rpc['state']>> {
    return { outbox: await this.administration.state(), openErasures: await this.erasures.countOpen() };
  }

  async auditCounters({ repair, progress }: Parsed<Rpc['auditCounters']>): Promise<Output<Rpc['auditCounters']>> {
    return { progress: await auditNext({ db: this.db, counters: COUNTERS, repair }, progress) };
  }

  published({ since, until }: Parsed<Rpc['published']>): Promise<Output<Rpc['published']>> {
    return this.administration.published(new Date(since), new Date(until));
  }

  async republishSpan({ since, until }: Parsed<Rpc['republishSpan']>): Promise<Output<Rpc['republishSpan']>> {
    return { events: await this.administration.republishSpan(new Date(since), new Date(until)) };
  }

  republish(eventId: string): Promise<Record<string, never>> {
    return this.administration.republish(eventId);
  }

  async account(who: string): Promise<Output<Rpc['account']>> {
    const id = Id.safeParse(who);
    const account = id.success
      ? (await this.accounts.byIds([id.data])).get(id.data)
      : await this.db.transaction((tx) => this.accounts.lockByUsername(tx, who));
    if (!account) throw notFound('user', ['who']);
    return { account: toAccount(account), erasure: await this.erasures.ofUser(account.userId) };
  }

  /** Is recorded among what moderators did, too, with the operator in the reason: they look there. */
  async restrict(input: Parsed<Rpc['restrict']>): Promise<Account> {
    const { userId, operator, action, reason } = input;
    const account = await this.db.transaction(async (tx) => {
      const target = requireAccount((await this.accounts.lock(tx, [userId])).get(userId));
      const next = decide(target, input);
      if (!next) return target;
      const changed = await this.accounts.change(tx, next);
      await this.accounts.recordAction(tx, {
        moderatorId: userId,
        userId,
        action,
        reason: `${reason} (operator ${operator})`,
        until: action === 'SUSPEND' ? next.suspendedUntil : null,
      });
      return changed;
    });
    this.outbox.trigger();
    return toAccount(account);
  }

  resumeErasure(userId: string): Promise<Erasure> {
    return this.erasures.resume(userId);
  }
}

function decide(target: StoredAccount, { action, until, reason }: Parsed<Rpc['restrict']>): StoredAccount | undefined {
  if (action === 'BAN') return banned(target, reason);
  if (action === 'REINSTATE') return reinstated(target);
  if (!until) throw badInput(['until'], 'A suspension has an end.');
  return suspended(target, new Date(until), reason);
}
