import { Injectable } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import type { mediaOperatorRpc } from '@fowergram/contracts-media';
import { LocksRepository, VISIBILITY_LOCK } from '../locks/locks.repository.js';
import { HIDDEN, VARIANTS } from '../storage/object-keys.rules.js';
import { MediaStorage } from '../storage/media.storage.js';
import { ReconcileRepository } from './reconcile.repository.js';
import { differenceOf } from './reconcile.rules.js';

type Rpc = (typeof mediaOperatorRpc)['reconcile'];

const PAGE_SIZE = 100;
const OBJECTS_PER_LISTING = 1_000;

/** Compares rows with their objects where the database and the store are of different age (docs/backup.md). */
@Injectable()
export class ReconcileService {
  constructor(
    private readonly media: ReconcileRepository,
    private readonly locks: LocksRepository,
    private readonly storage: MediaStorage,
  ) {}

  /** One page. Nothing is moved between its rows being read and its objects being listed; what is misplaced the sweep moves. */
  reconcile({ after, heal }: Parsed<Rpc>): Promise<Output<Rpc>> {
    return this.locks.afterOthers(VISIBILITY_LOCK, () => this.compare(after, heal));
  }

  private async compare(after: string | null, heal: Parsed<Rpc>['heal']): Promise<Output<Rpc>> {
    const rows = await this.media.page(after, PAGE_SIZE);
    const [first, last] = [rows[0]?.id, rows.at(-1)?.id];
    if (!first || !last) return { checked: 0, misplaced: [], lost: [], next: null };
    const keys = new Set([
      ...(await this.keysBetween(VARIANTS, first, last)),
      ...(await this.keysBetween(HIDDEN, first, last)),
    ]);
    const differences = rows.map((row) => ({ row, ...differenceOf(row, keys) }));
    const misplaced = differences.filter(({ isMisplaced }) => isMisplaced).map(({ row }) => row.id);
    const losers = differences.filter((difference) => difference.lost.length > 0);
    if (heal !== 'NOTHING' && misplaced.length > 0) await this.media.setMisplaced(misplaced);
    if (heal === 'ALL')
      for (const { row, lost: names } of losers)
        if (names.length === row.variantNames.length) await this.media.setLost(row.id);
        else await this.media.dropVariants(row.id, names);
    const lost = losers.map(({ row, lost: variants }) => ({ mediaId: row.id, ownerId: row.ownerId, variants }));
    return { checked: rows.length, misplaced, lost, next: rows.length < PAGE_SIZE ? null : last };
  }

  /** The keys of a folder that belong to media from one id to another. */
  private async keysBetween(folder: string, first: string, last: string): Promise<string[]> {
    const keys: string[] = [];
    const isWithin = (key: string) => key < `${folder}${last}/` || key.startsWith(`${folder}${last}/`);
    for (let from = `${folder}${first}`; ;) {
      const listed = await this.storage.list({ prefix: folder, after: from, limit: OBJECTS_PER_LISTING });
      keys.push(...listed.map(({ key }) => key).filter(isWithin));
      from = listed.at(-1)?.key ?? '';
      if (listed.length < OBJECTS_PER_LISTING || !isWithin(from)) return keys;
    }
  }
}
