import { Controller } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type Media, mediaRpc } from '@fowergram/contracts-media';
import { type Envelope, Handle } from '@fowergram/messaging';
import { ClaimsService } from './claims.service.js';

@Controller()
export class ClaimsController {
  constructor(private readonly claims: ClaimsService) {}

  @Handle(mediaRpc.claim)
  claim(input: Parsed<typeof mediaRpc.claim>, { idempotencyKey }: Envelope): Promise<Media[]> {
    return this.claims.claim(input, idempotencyKey);
  }

  @Handle(mediaRpc.unconfirmedClaims)
  unconfirmed(input: Parsed<typeof mediaRpc.unconfirmedClaims>): Promise<string[]> {
    return this.claims.unconfirmed(input);
  }

  @Handle(mediaRpc.reconcileClaims)
  reconcile(
    input: Parsed<typeof mediaRpc.reconcileClaims>,
    { idempotencyKey }: Envelope,
  ): Promise<Record<string, never>> {
    return this.claims.reconcile(input, idempotencyKey);
  }

  @Handle(mediaRpc.dropUnused)
  dropUnused(input: Parsed<typeof mediaRpc.dropUnused>): Promise<Record<string, never>> {
    return this.claims.dropUnused(input);
  }

  @Handle(mediaRpc.eraseClaims)
  erase(input: Parsed<typeof mediaRpc.eraseClaims>): Promise<Record<string, never>> {
    return this.claims.erase(input);
  }

  @Handle(mediaRpc.setAltTexts)
  setAltTexts(input: Parsed<typeof mediaRpc.setAltTexts>): Promise<Record<string, never>> {
    return this.claims.setAltTexts(input);
  }
}
