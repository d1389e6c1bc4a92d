import { Injectable } from '@nestjs/common';
import { decodePosition, encodePosition, type Page, type Position, toPage } from '@fowergram/contracts-core';

export interface OwnListInput {
  viewerId: string;
  first: number;
  after?: string | null | undefined;
}

/** Pages of lists that only the viewer sees: their cursors are good for one list of one viewer. */
@Injectable()
export class OwnListsService {
  async page(
    list: string,
    { viewerId, first, after }: OwnListInput,
    fetch: (after: Position | undefined, limit: number) => Promise<Position[]>,
  ): Promise<Page<string>> {
    const scope = `${list}:${viewerId}`;
    const rows = await fetch(after ? decodePosition(after, scope) : undefined, first + 1);
    return toPage(rows, first, (row) => ({ cursor: encodePosition(row, scope), node: row.id }));
  }
}
