import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { mediaOperatorRpc } from '@fowergram/contracts-media';
import { Handle } from '@fowergram/messaging';
import { OperatorService } from './operator.service.js';

@Controller()
export class OperatorController {
  constructor(private readonly operator: OperatorService) {}

  @Handle(mediaOperatorRpc.state)
  state(): Promise<Output<typeof mediaOperatorRpc.state>> {
    return this.operator.state();
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
}
