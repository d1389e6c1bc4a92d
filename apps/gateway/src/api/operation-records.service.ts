import { Injectable } from '@nestjs/common';
import { type Counter, type Histogram, Registry } from 'prom-client';
import { errorCatalogue } from '@fowergram/contracts-core';
import { counter, histogram } from '@fowergram/service-kit';
import type { PreparedOperation } from './documents/documents.service.js';
import type { Outcome } from './errors.js';

/** What was refused before its text was read is of an unknown type. */
const TYPES = ['query', 'mutation', 'subscription', 'unknown'] as const;
type OperationType = (typeof TYPES)[number];

/** An operation that is under way, until its outcome is known. */
export interface OperationRecord {
  /** Says which operation it is, once that is known. */
  isOf: (prepared: Pick<PreparedOperation, 'operation'>) => void;
  end: (outcome: Outcome) => void;
}

/** Counts every operation by its outcome, whether it came by HTTP, by REST, over a socket or for an event stream. */
@Injectable()
export class OperationRecordsService {
  private readonly operations: Counter<'operation_type' | 'code'>;
  private readonly durations: Histogram<'operation_type'>;

  constructor(metrics: Registry) {
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

  /** Begins the record of an operation; of a subscription it ends when that is open. */
  begin(): OperationRecord {
    const startedAt = performance.now();
    let operation_type: OperationType = 'unknown';
    return {
      isOf: ({ operation }) => {
        operation_type = operation.operation;
      },
      end: (code) => {
        this.operations.inc({ operation_type, code });
        this.durations.observe({ operation_type }, (performance.now() - startedAt) / 1_000);
      },
    };
  }

  /** Counts an event of a subscription that could not be shown; those that are shown are not counted. */
  countFailedEvent(code: Outcome): void {
    this.operations.inc({ operation_type: 'subscription', code });
  }
}
