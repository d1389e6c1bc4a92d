import { Injectable } from '@nestjs/common';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { type Counter, type Histogram, Registry } from 'prom-client';
import { errorCatalogue } from '@fowergram/contracts-core';
import { counter, histogram } from '@fowergram/service-kit';
import { ActiveUsersService } from '../../activity/active-users.service.js';
import type { PreparedOperation } from '../documents/documents.service.js';
import type { Outcome } from '../errors.js';
import { OperationLog } from './operation-log.service.js';

/** What was refused before its text was read is of an unknown type. */
const TYPES = ['query', 'mutation', 'subscription', 'unknown'] as const;
type OperationType = (typeof TYPES)[number];
const MAX_NAME_LENGTH = 100;

/** An operation that is under way, until its outcome is known. */
export interface OperationRecord {
  /** Says who asks, a user or a service account. */
  isBy: (caller: { userId?: string | undefined; serviceId?: string | undefined }) => void;
  /** Says which operation it is, once that is known. */
  isOf: (prepared: Pick<PreparedOperation, 'operation' | 'rootFields'>) => void;
  end: (outcome: Outcome) => void;
}

/** Records every operation by its outcome, whether it came by HTTP, by REST, over a socket or for an event stream. */
@Injectable()
export class OperationRecordsService {
  private readonly operations: Counter<'operation_type' | 'code'>;
  private readonly durations: Histogram<'operation_type'>;

  constructor(
    private readonly log: OperationLog,
    private readonly activeUsers: ActiveUsersService,
    metrics: Registry,
  ) {
    this.operations = counter(metrics, 'graphql_operations_total', 'Operations, by type and outcome.', [
      'operation_type',
      'code',
    ]);
    this.durations = histogram(metrics, 'graphql_operation_duration_seconds', 'Operations until they are answered.', [
      'operation_type',
    ]);
    // An alert sees the first failure only if there was a zero before it.
    for (const operation_type of TYPES) {
      this.durations.zero({ operation_type });
      for (const code of ['OK', ...Object.keys(errorCatalogue)]) this.operations.inc({ operation_type, code }, 0);
    }
  }

  /** Begins the record of an operation; that of a subscription ends when it is open. */
  begin(correlationId: string): OperationRecord {
    const startedAt = performance.now();
    let callerId: string | undefined;
    let prepared: Parameters<OperationRecord['isOf']>[0] | undefined;
    return {
      isBy: ({ userId, serviceId }) => {
        callerId = userId ?? serviceId;
        if (userId !== undefined) this.activeUsers.note(userId);
      },
      isOf: (known) => {
        prepared = known;
      },
      end: (code) => {
        const ms = performance.now() - startedAt;
        const operationType: OperationType = prepared?.operation.operation ?? 'unknown';
        const operation = prepared && nameOf(prepared);
        this.operations.inc({ operation_type: operationType, code });
        this.durations.observe({ operation_type: operationType }, ms / 1_000);
        markSpan(operationType, operation, code);
        this.log.note({ operation, operationType, code, ms: Math.round(ms), callerId, correlationId });
      },
    };
  }

  /** Counts an event of a subscription that could not be shown; those that are shown are not counted. */
  countFailedEvent(code: Outcome): void {
    this.operations.inc({ operation_type: 'subscription', code });
  }
}

/** The name that the client gave, or the fields that it asks for. */
const nameOf = ({ operation, rootFields }: Parameters<OperationRecord['isOf']>[0]): string =>
  (operation.name?.value ?? rootFields.map(({ name }) => name.value).join(' ')).slice(0, MAX_NAME_LENGTH);

function markSpan(type: OperationType, name: string | undefined, code: Outcome): void {
  const span = trace.getActiveSpan();
  if (!span) return;
  span.setAttributes({ 'graphql.operation.type': type, 'fowergram.code': code });
  if (name !== undefined) span.setAttribute('graphql.operation.name', name);
  if (code === 'INTERNAL' || code === 'UNAVAILABLE') span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}
