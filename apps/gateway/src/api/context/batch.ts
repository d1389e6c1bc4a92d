import DataLoader from 'dataloader';

export interface BatchOptions<V> {
  fetch: (ids: string[]) => Promise<V[]>;
  idOf: (value: V) => string;
  /** How many ids one call may carry. */
  max: number;
  /** Looks where a value may already be, without a call. */
  peek?: (id: string) => V | undefined;
}

/**
 * Looks things up by id for one operation: ids that are asked for together become one call. What is known already is answered
 * at once and not by a promise, which the engine would have to wait for: on a feed page most of it is.
 */
export class Batch<V> {
  private readonly known = new Map<string, V | null>();
  /** Made by the first failure. */
  private failed: Map<string, unknown> | undefined;
  private loader: DataLoader<string, V | null> | undefined;

  constructor(private readonly options: BatchOptions<V>) {}

  /** The thing with this id, or null when the viewer can see none. */
  get(id: string): V | null | Promise<V | null> {
    const known = this.peek(id);
    return known === undefined ? this.find(id) : known;
  }

  /** True when it has been found out that the viewer can see none; a thing that cannot be looked up now is not missing. */
  isMissing(id: string): boolean {
    return this.peek(id) === null;
  }

  /** The things with these ids, in this order; what the viewer cannot see is left out. */
  many(ids: readonly string[]): V[] | Promise<V[]> {
    const found: V[] = [];
    for (const id of ids) {
      const known = this.peek(id);
      if (known === undefined) return this.load(ids);
      if (known !== null) found.push(known);
    }
    return found;
  }

  /** All that was found or missed so far, by its id. */
  get found(): ReadonlyMap<string, V | null> {
    return this.known;
  }

  /** Remembers what another answer has brought along. */
  prime(value: V): void {
    this.known.set(this.options.idOf(value), value);
  }

  /** Made when something is fetched for the first time: an operation uses few of the loaders that its context has. */
  private fetcher(): DataLoader<string, V | null> {
    return (this.loader ??= new DataLoader((ids) => this.fetch(ids as string[]), { maxBatchSize: this.options.max }));
  }

  /** What could not be looked up is not asked for again: its owner has just shown that it does not answer in time. */
  private find(id: string): Promise<V | null> {
    if (this.failed?.has(id)) return Promise.reject(this.failed.get(id) as Error);
    return this.fetcher().load(id);
  }

  private async load(ids: readonly string[]): Promise<V[]> {
    const values = await Promise.all(ids.map((id) => this.get(id)));
    return values.filter((value) => value !== null);
  }

  private peek(id: string): V | null | undefined {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const held = this.options.peek?.(id);
    if (held !== undefined) this.known.set(id, held);
    return held;
  }

  private async fetch(ids: string[]): Promise<(V | null)[]> {
    for (const value of await this.fetchOrNote(ids)) this.known.set(this.options.idOf(value), value);
    return ids.map((id) => {
      const value = this.known.get(id) ?? null;
      this.known.set(id, value);
      return value;
    });
  }

  private async fetchOrNote(ids: string[]): Promise<V[]> {
    try {
      return await this.options.fetch(ids);
    } catch (error) {
      this.failed ??= new Map();
      for (const id of ids) this.failed.set(id, error);
      throw error;
    }
  }
}
