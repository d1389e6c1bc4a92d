import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { discoveryRpc } from '@fowergram/contracts-user';
import { Handle } from '@fowergram/messaging';
import { SearchService } from './search.service.js';

@Controller()
export class SearchController {
  constructor(private readonly searches: SearchService) {}

  @Handle(discoveryRpc.search)
  search(input: Parsed<typeof discoveryRpc.search>): Promise<Page<string>> {
    return this.searches.search(input);
  }
}
