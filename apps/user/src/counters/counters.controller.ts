import { Controller } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type UserCounts, userRpc } from '@fowergram/contracts-user';
import { Handle } from '@fowergram/messaging';
import { CountersService } from './counters.service.js';

@Controller()
export class CountersController {
  constructor(private readonly counters: CountersService) {}

  @Handle(userRpc.countsByIds)
  byIds({ ids }: Parsed<typeof userRpc.countsByIds>): Promise<UserCounts[]> {
    return this.counters.byIds(ids);
  }
}
