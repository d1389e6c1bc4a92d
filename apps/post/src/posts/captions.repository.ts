import { Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';

@Injectable()
export class CaptionsRepository {
  constructor(private readonly db: Database) {}

  /** What is written under these posts, by their ids, whoever may see them. */
  async of(ids: string[]): Promise<Map<string, string>> {
    const rows = await this.db.query<{ id: string; caption: string }>(CAPTIONS, [ids]);
    return new Map(rows.map(({ id, caption }) => [id, caption]));
  }
}

const CAPTIONS = 'select id, caption from post where id = any($1::uuid[])';
