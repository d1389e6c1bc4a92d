import { Injectable } from '@nestjs/common';
import { decodePosition, encodePosition, NEWEST, type Page, type Position, toPage } from '@fowergram/contracts-core';

export interface OwnListInput {
  viewerId: string;
  first: number;
  after?: string | null | undefined;
}

/** Pages of lists that only the viewer sees. */
@Injectable()
export class OwnListsService {
  async page(
    { first, after }: OwnListInput,
    fetch: (after: Position, limit: number) => Promise<Position[]>,
  ): Promise<Page<string>> {
    const rows = await fetch(after ? decodePosition(after) : NEWEST, first + 1);
    return toPage(rows, first, (row) => ({ cursor: encodePosition(row), node: row.id }));
  }
}
