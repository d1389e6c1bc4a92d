import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { type Account, type Erasure, userOperatorRpc } from '@fowergram/contracts-user';
import { Handle } from '@fowergram/messaging';
import { OperatorService } from './operator.service.js';

type Rpc = typeof userOperatorRpc;

@Controller()
export class OperatorController {
  constructor(private readonly operator: OperatorService) {}

  @Handle(userOperatorRpc.begin)
  begin(input: Parsed<Rpc['begin']>): Promise<Output<Rpc['begin']>> {
    return this.operator.begin(input);
  }

  @Handle(userOperatorRpc.end)
  end(input: Parsed<Rpc['end']>): Promise<Output<Rpc['end']>> {
    return this.operator.end(input);
  }

  @Handle(userOperatorRpc.actions)
  actions(input: Parsed<Rpc['actions']>): Promise<Output<Rpc['actions']>> {
    return this.operator.newest(input);
  }

  @Handle(userOperatorRpc.state)
  state(): Promise<Output<Rpc['state']>> {
    return this.operator.state();
  }

  @Handle(userOperatorRpc.published)
  published(span: Parsed<Rpc['published']>): Promise<Output<Rpc['published']>> {
    return this.operator.published(span);
  }

  @Handle(userOperatorRpc.republishSpan)
  republishSpan(input: Parsed<Rpc['republishSpan']>): Promise<Output<Rpc['republishSpan']>> {
    return this.operator.republishSpan(input);
  }

  @Handle(userOperatorRpc.republish)
  republish({ eventId }: Parsed<Rpc['republish']>): Promise<Output<Rpc['republish']>> {
    return this.operator.republish(eventId);
  }

  @Handle(userOperatorRpc.account)
  account({ who }: Parsed<Rpc['account']>): Promise<Output<Rpc['account']>> {
    return this.operator.account(who);
  }

  @Handle(userOperatorRpc.restrict)
  restrict(input: Parsed<Rpc['restrict']>): Promise<Account> {
    return this.operator.restrict(input);
  }

  @Handle(userOperatorRpc.resumeErasure)
  resumeErasure({ userId }: Parsed<Rpc['resumeErasure']>): Promise<Erasure> {
    return this.operator.resumeErasure(userId);
  }

  @Handle(userOperatorRpc.auditCounters)
  auditCounters(input: Parsed<Rpc['auditCounters']>): Promise<Output<Rpc['auditCounters']>> {
    return this.operator.auditCounters(input);
  }
}
