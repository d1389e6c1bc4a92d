import { Injectable } from '@nestjs/common';
import { type Page, type Position, type Reading, readingOnByTime } from '@fowergram/contracts-core';
import { readIds, type Stretch } from '@fowergram/database';

export interface OwnListInput {
  viewerId: string;
  first: number;
  after?: string | null | undefined;
}

/** Pages of lists that only the viewer sees. */
@Injectable()
export class OwnListsService {
  page(
    { viewerId, ...page }: OwnListInput,
    read: (viewerId: string, next: Reading) => Promise<Stretch<Position>>,
  ): Promise<Page<string>> {
    return readIds(readingOnByTime(page), (next) => read(viewerId, next));
  }
}
