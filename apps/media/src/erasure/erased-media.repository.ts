import { Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';

@Injectable()
export class ErasedMediaRepository {
  constructor(private readonly db: Database) {}

  /** Some media of an owner, whatever their state. */
  async ofOwner(ownerId: string, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>('select id from media where owner_id = $1 limit $2', [
      ownerId,
      limit,
    ]);
    return rows.map((row) => row.id);
  }

  async remove(ids: string[]): Promise<void> {
    await this.db.query('delete from media where id = any($1::uuid[])', [ids]);
  }
}
