import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { postOperatorRpc } from '@fowergram/contracts-post';
import { Handle } from '@fowergram/messaging';
import { OperatorService } from './operator.service.js';

@Controller()
export class OperatorController {
  constructor(private readonly operator: OperatorService) {}

  @Handle(postOperatorRpc.state)
  state(): Promise<Output<typeof postOperatorRpc.state>> {
    return this.operator.state();
  }

  @Handle(postOperatorRpc.published)
  published(
    span: Parsed<(typeof postOperatorRpc)['published']>,
  ): Promise<Output<(typeof postOperatorRpc)['published']>> {
    return this.operator.published(span);
  }

  @Handle(postOperatorRpc.republishSpan)
  republishSpan(
    input: Parsed<(typeof postOperatorRpc)['republishSpan']>,
  ): Promise<Output<(typeof postOperatorRpc)['republishSpan']>> {
    return this.operator.republishSpan(input);
  }

  @Handle(postOperatorRpc.republish)
  republish({ eventId }: Parsed<typeof postOperatorRpc.republish>): Promise<Output<typeof postOperatorRpc.republish>> {
    return this.operator.republish(eventId);
  }

  @Handle(postOperatorRpc.rebuildFeed)
  rebuildFeed({
    userId,
  }: Parsed<typeof postOperatorRpc.rebuildFeed>): Promise<Output<typeof postOperatorRpc.rebuildFeed>> {
    return this.operator.rebuildFeed(userId);
  }

  @Handle(postOperatorRpc.auditCounters)
  auditCounters(
    input: Parsed<(typeof postOperatorRpc)['auditCounters']>,
  ): Promise<Output<(typeof postOperatorRpc)['auditCounters']>> {
    return this.operator.auditCounters(input);
  }
}
