import { z } from 'zod';
import {
  command,
  CounterAudit,
  Id,
  OperatorName,
  OutboxState,
  PublishedEvents,
  query,
  Span,
  Timestamp,
} from '@fowergram/contracts-core';
import { Account, Erasure, Reason } from './account.models.js';

export const OperatorOutcome = z.enum(['STARTED', 'DONE', 'FAILED']);
export type OperatorOutcome = z.output<typeof OperatorOutcome>;

/** What an operator did by the command `fowergram`; STARTED where nobody knows how it ended. */
export const OperatorAction = z.object({
  id: Id,
  operator: z.string(),
  command: z.string(),
  subject: z.string(),
  outcome: OperatorOutcome,
  detail: z.string().nullable(),
  startedAt: Timestamp,
});
export type OperatorAction = z.output<typeof OperatorAction>;

const CommandName = z.string().min(1).max(100);
const User = z.object({ userId: Id });

/** What operators ask of the user service, which keeps the audit of all that they do. */
export const userOperatorRpc = {
  /** Records what is about to be done; nothing is done before. */
  begin: command('user.operator.begin', {
    input: z.object({ operator: OperatorName, command: CommandName, subject: z.string().max(200) }),
    output: z.object({ id: Id }),
  }),
  end: command('user.operator.end', {
    input: z.object({ id: Id, outcome: OperatorOutcome.exclude(['STARTED']), detail: z.string().max(500).nullable() }),
    output: z.object({}),
  }),
  /** The newest first, those of one command or of all. */
  actions: query('user.operator.actions', {
    input: z.object({ command: CommandName.optional(), limit: z.number().int().min(1).max(1_000) }),
    output: z.object({ actions: z.array(OperatorAction) }),
  }),
  state: query('user.operator.state', {
    input: z.object({}),
    output: z.object({ outbox: OutboxState, openErasures: z.number().int() }),
  }),
  /** What was published within a span and is still in the outbox. */
  published: query('user.operator.published', { input: Span, output: PublishedEvents }),
  /** Publishes again what was published within a span, a batch at a time: after a broker has lost its streams. */
  republishSpan: command('user.operator.republish-span', {
    input: Span,
    output: z.object({ events: z.number().int() }),
  }),
  /** Publishes an event again; NOT_FOUND where the outbox does not hold it any more, CONFLICT where the broker would drop it. */
  republish: command('user.operator.republish', { input: z.object({ eventId: Id }), output: z.object({}) }),
  /** By username or id; NOT_FOUND at `who`. */
  account: query('user.operator.account', {
    input: z.object({ who: z.string().trim().min(1).max(100) }),
    output: z.object({ account: Account, erasure: Erasure.nullable() }),
  }),
  /** Needs no moderator: for accounts of moderators themselves, and for a night without one. */
  restrict: command('user.operator.restrict', {
    input: User.extend({
      operator: OperatorName,
      action: z.enum(['SUSPEND', 'BAN', 'REINSTATE']),
      reason: Reason,
      until: Timestamp.nullable(),
    }),
    output: Account,
  }),
  /** Tells all services of a deletion once more and works on its own parts; NOT_FOUND where no erasure is open. */
  resumeErasure: command('user.operator.resume-erasure', { input: User, output: Erasure }),
  auditCounters: command('user.operator.audit-counters', CounterAudit),
};
