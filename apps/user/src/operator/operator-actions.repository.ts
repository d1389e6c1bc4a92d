import { Injectable } from '@nestjs/common';
import type { OperatorOutcome } from '@fowergram/contracts-user';
import { Database, newId } from '@fowergram/database';

export interface OperatorActionRow {
  id: string;
  operator: string;
  command: string;
  subject: string;
  outcome: OperatorOutcome;
  detail: string | null;
  startedAt: Date;
}

/** The audit of what operators do; nothing of it is ever changed after its end, or deleted. */
@Injectable()
export class OperatorActionsRepository {
  constructor(private readonly db: Database) {}

  async begin(operator: string, command: string, subject: string): Promise<string> {
    const id = newId();
    await this.db.query('insert into operator_action (id, operator, command, subject) values ($1, $2, $3, $4)', [
      id,
      operator,
      command,
      subject,
    ]);
    return id;
  }

  /** False when there is no such action, or it has ended. */
  async end(id: string, outcome: OperatorOutcome, detail: string | null): Promise<boolean> {
    return (await this.db.query(END, [id, outcome, detail])).length > 0;
  }

  newest(command: string | undefined, limit: number): Promise<OperatorActionRow[]> {
    return command === undefined
      ? this.db.query<OperatorActionRow>(NEWEST, [limit])
      : this.db.query<OperatorActionRow>(NEWEST_OF_COMMAND, [command, limit]);
  }
}

const END = `
  update operator_action set outcome = $2, detail = $3, ended_at = now()
  where id = $1 and outcome = 'STARTED' returning 1 as found`;

const NEWEST = `
  select id, operator, command, subject, outcome, detail, started_at as "startedAt" from operator_action
  order by started_at desc, id desc limit $1`;

const NEWEST_OF_COMMAND = `
  select id, operator, command, subject, outcome, detail, started_at as "startedAt" from operator_action
  where command = $1 order by started_at desc, id desc limit $2`;
