import type { Database, Sql } from '../database.js';
import { isUnavailable } from '../unavailable.js';
import { Coalesced } from './coalesced.js';
import { markOf } from './mark.js';
import { type Absence, Replica } from './replica.js';

export interface ReplicasOptions {
  urls: string[];
  /** Connections to each of them at most. */
  max: number;
  /** Hears who has answered a read. */
  onRead: (target: 'replica' | 'primary') => void;
  /** Hears that a replica is used from now on, or why it is left out; replicas are counted from one. */
  onChange: (replica: number, absence: Absence | undefined) => void;
}

/**
 * Reads that a replica answers where one has everything that was acknowledged before the read began, and the primary otherwise: what is
 * read is never older than it would be from the Database.
 */
export class Replicas implements Sql {
  private readonly replicas: Replica[];
  private readonly marks = new Coalesced(() => markOf(this.primary));
  private turn = 0;

  constructor(
    private readonly primary: Database,
    private readonly options: ReplicasOptions,
  ) {
    const { urls, max, onChange } = options;
    this.replicas = urls.map((url, index) => new Replica(url, max, (absence) => onChange(index + 1, absence)));
  }

  /** Runs one statement that changes nothing; throws UNAVAILABLE when neither a replica nor the primary can be reached. */
  async query<R>(text: string, values?: unknown[]): Promise<R[]> {
    if (this.replicas.length === 0) return this.primary.query<R>(text, values);
    const replica = this.next();
    const rows = replica && (await replica.read<R>(await this.marks.ask(), this.primary.toQuery(text, values)));
    this.options.onRead(rows ? 'replica' : 'primary');
    return rows ?? this.primary.query<R>(text, values);
  }

  /** Takes up replicas that have caught up, and leaves out those that have not; while the primary is away, nothing is known of any. */
  async look(): Promise<void> {
    if (this.replicas.length === 0) return;
    try {
      const mark = await this.marks.ask();
      await Promise.all(this.replicas.map((replica) => replica.look(mark)));
    } catch (error) {
      if (!isUnavailable((error as Error).cause)) throw error;
    }
  }

  /** For how long reads have not been able to go to each of the replicas. */
  lagsMs(): number[] {
    return this.replicas.map(({ lagMs }) => lagMs);
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.close()));
  }

  private next(): Replica | undefined {
    const used = this.replicas.filter(({ isUsed }) => isUsed);
    return used[this.turn++ % used.length];
  }
}
