import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { discoveryRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { SuggestionsService } from './suggestions.service.js';

@Controller()
export class SuggestionsController {
  constructor(private readonly suggestions: SuggestionsService) {}

  @Handle(discoveryRpc.suggestions)
  list(input: Parsed<typeof discoveryRpc.suggestions>): Promise<Page<string>> {
    return this.suggestions.list(input);
  }

  @Handle(discoveryRpc.dismissSuggestion)
  dismiss(
    input: Parsed<typeof discoveryRpc.dismissSuggestion>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof discoveryRpc.dismissSuggestion>> {
    return this.suggestions.dismiss(input, idempotencyKey);
  }
}
