import { Controller } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { Handle } from '@fowergram/messaging';
import { VisibilityService } from './visibility.service.js';

@Controller()
export class VisibilityController {
  constructor(private readonly visibility: VisibilityService) {}

  @Handle(mediaRpc.hideClaims)
  async hideClaims({ claimIds, version }: Parsed<typeof mediaRpc.hideClaims>): Promise<Record<string, never>> {
    await this.visibility.hideClaims(claimIds, version);
    return {};
  }

  @Handle(mediaRpc.showClaim)
  async showClaim({ claimId, version }: Parsed<typeof mediaRpc.showClaim>): Promise<Record<string, never>> {
    await this.visibility.showClaim(claimId, version);
    return {};
  }

  @Handle(mediaRpc.setOwnerHidden)
  async setOwnerHidden(owner: Parsed<typeof mediaRpc.setOwnerHidden>): Promise<Record<string, never>> {
    await this.visibility.setOwnerHidden(owner);
    return {};
  }
}
