import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { mediaOperatorRpc } from '@fowergram/contracts-media';
import { Handle } from '@fowergram/messaging';
import { ReconcileService } from '../reconcile/reconcile.service.js';
import { OperatorService } from './operator.service.js';

@Controller()
export class OperatorController {
  constructor(
    private readonly operator: OperatorService,
    private readonly stores: ReconcileService,
  ) {}

  @Handle(mediaOperatorRpc.state)
  state(): Promise<Output<typeof mediaOperatorRpc.state>> {
    return this.operator.state();
  }

  @Handle(mediaOperatorRpc.published)
  published(
    span: Parsed<(typeof mediaOperatorRpc)['published']>,
  ): Promise<Output<(typeof mediaOperatorRpc)['published']>> {
    return this.operator.published(span);
  }

  @Handle(mediaOperatorRpc.republishSpan)
  republishSpan(
    input: Parsed<(typeof mediaOperatorRpc)['republishSpan']>,
  ): Promise<Output<(typeof mediaOperatorRpc)['republishSpan']>> {
    return this.operator.republishSpan(input);
  }

  @Handle(mediaOperatorRpc.republish)
  republish({
    eventId,
  }: Parsed<typeof mediaOperatorRpc.republish>): Promise<Output<typeof mediaOperatorRpc.republish>> {
    return this.operator.republish(eventId);
  }

  @Handle(mediaOperatorRpc.process)
  process({ mediaId }: Parsed<typeof mediaOperatorRpc.process>): Promise<Output<typeof mediaOperatorRpc.process>> {
    return this.operator.process(mediaId);
  }

  @Handle(mediaOperatorRpc.reconcile)
  reconcile(
    input: Parsed<(typeof mediaOperatorRpc)['reconcile']>,
  ): Promise<Output<(typeof mediaOperatorRpc)['reconcile']>> {
    return this.stores.reconcile(input);
  }
}
