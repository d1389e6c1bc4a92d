import { FowergramError, jsonOf } from '../errors.js';
import { oneAtATime } from '../surroundings.js';

/** Where a queue is kept: `localStorage`, AsyncStorage of React Native, or a few lines over a file or IndexedDB. */
export interface QueueStorage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
}

/** A mutation that waits; its id is its Idempotency-Key. */
export interface QueueEntry {
  id: string;
  text: string;
  variables: unknown;
  state: 'WAITING' | 'FAILED';
  /** When it was sent for the first time, by the clock of the device. */
  sentAt?: number;
  /** Kept free for `sentAt`, which has to be written down even where nothing more can be. */
  room?: string | undefined;
  error?: { code: string; reason?: string | undefined; message: string } | undefined;
}

const MAX_ENTRIES = 500;
const MAX_CHARACTERS = 100_000;
/** As long as a time in milliseconds. */
const ROOM = ' '.repeat(13);

/** The entries of one user in a storage that other tabs write, too. */
export class StoredEntries {
  private readonly key: string;
  /** What a full storage did not take of changes. */
  private readonly unwritten = new Map<string, Partial<QueueEntry>>();

  constructor(
    private readonly storage: QueueStorage,
    userId: string,
    private readonly onUnreadable: () => void,
  ) {
    this.key = `fowergram.queue.1 ${userId}`;
  }

  async read(): Promise<QueueEntry[]> {
    const entries = entriesOf(await this.stored()) ?? (await this.change((stored) => stored));
    return entries.map((entry) => ({ ...entry, ...this.unwritten.get(entry.id) }));
  }

  /** Adds an entry, or throws and keeps nothing of it. */
  async add(entry: QueueEntry): Promise<void> {
    if (jsonOf(entry).length > MAX_CHARACTERS)
      throw new FowergramError(`A mutation that waits has ${MAX_CHARACTERS} characters at most.`, {
        code: 'PAYLOAD_TOO_LARGE',
      });
    await this.change((entries) => {
      if (entries.length >= MAX_ENTRIES)
        throw new FowergramError(`${MAX_ENTRIES} mutations wait already.`, { code: 'QUEUE_FULL' });
      return [...entries, { ...entry, room: ROOM }];
    });
  }

  async markSent(id: string, sentAt: number): Promise<void> {
    await this.replace(id, { state: 'WAITING', sentAt, room: undefined, error: undefined });
  }

  /** Marks an entry as failed; where the storage is full, for this program alone, and the next one finds out by itself. */
  async markFailed(id: string, error: QueueEntry['error']): Promise<void> {
    const values = { state: 'FAILED', error } as const;
    try {
      await this.replace(id, values);
    } catch (thrown) {
      if ((thrown as FowergramError).code !== 'STORAGE_FULL') throw thrown;
      this.unwritten.set(id, values);
    }
  }

  async remove(id: string): Promise<void> {
    await this.change((entries) => entries.filter((entry) => entry.id !== id));
    this.unwritten.delete(id);
  }

  private async replace(id: string, values: Partial<QueueEntry>): Promise<void> {
    await this.change((entries) => entries.map((entry) => (entry.id === id ? { ...entry, ...values } : entry)));
    this.unwritten.delete(id);
  }

  /** One change at a time, in all tabs. */
  private change(next: (entries: QueueEntry[]) => QueueEntry[]): Promise<QueueEntry[]> {
    return oneAtATime(this.key, async () => {
      const before = await this.entries();
      const after = next(before);
      if (after !== before) await this.write(this.key, JSON.stringify(after));
      return after;
    });
  }

  private async entries(): Promise<QueueEntry[]> {
    const text = await this.stored();
    const entries = entriesOf(text);
    if (entries) return entries;
    await this.write(`${this.key}.unreadable`, text!);
    await this.write(this.key, '[]');
    this.onUnreadable();
    return [];
  }

  private async stored(): Promise<string | null> {
    try {
      return (await this.storage.getItem(this.key)) ?? null;
    } catch (cause) {
      throw new FowergramError('The storage cannot be read.', { code: 'STORAGE_UNREADABLE' }, { cause });
    }
  }

  private async write(key: string, text: string): Promise<void> {
    try {
      await this.storage.setItem(key, text);
    } catch (cause) {
      throw new FowergramError('The storage takes no more.', { code: 'STORAGE_FULL' }, { cause });
    }
  }
}

/** The entries of a text, or undefined where it cannot be read. */
function entriesOf(text: string | null): QueueEntry[] | undefined {
  if (text === null) return [];
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) && entries.every(isEntry) ? entries : undefined;
  } catch {
    return undefined;
  }
}

const isEntry = (value: unknown): value is QueueEntry => {
  const { id, text, state } = (value ?? {}) as Partial<QueueEntry>;
  return typeof id === 'string' && typeof text === 'string' && (state === 'WAITING' || state === 'FAILED');
};
