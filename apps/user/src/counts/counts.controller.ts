import { Controller } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type UserCounts, userRpc } from '@fowergram/contracts-user';
import { Handle } from '@fowergram/messaging';
import { CountsService } from './counts.service.js';

@Controller()
export class CountsController {
  constructor(private readonly counts: CountsService) {}

  @Handle(userRpc.countsByIds)
  byIds({ ids }: Parsed<typeof userRpc.countsByIds>): Promise<UserCounts[]> {
    return this.counts.byIds(ids);
  }
}
