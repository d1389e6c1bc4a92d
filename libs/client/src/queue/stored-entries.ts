import { FowergramError } from '../errors.js';
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
  error?: { code: string; reason?: string | undefined; message: string };
}

const MAX_ENTRIES = 500;
const MAX_CHARACTERS = 100_000;

/** The entries of one user in a storage that other tabs write, too. */
export class StoredEntries {
  private readonly key: string;

  constructor(
    private readonly storage: QueueStorage,
    userId: string,
    private readonly onUnreadable: () => void,
  ) {
    this.key = `fowergram.queue.1 ${userId}`;
  }

  read(): Promise<QueueEntry[]> {
    return this.change((entries) => entries);
  }

  /** Adds an entry, or throws and keeps nothing of it. */
  async add(entry: QueueEntry): Promise<void> {
    if (JSON.stringify(entry).length > MAX_CHARACTERS)
      throw new FowergramError(`A mutation that waits has ${MAX_CHARACTERS} characters at most.`, {
        code: 'PAYLOAD_TOO_LARGE',
      });
    await this.change((entries) => {
      if (entries.length >= MAX_ENTRIES)
        throw new FowergramError(`${MAX_ENTRIES} mutations wait already.`, { code: 'QUEUE_FULL' });
      return [...entries, entry];
    });
  }

  async update(id: string, values: Partial<QueueEntry>): Promise<void> {
    await this.change((entries) => entries.map((entry) => (entry.id === id ? { ...entry, ...values } : entry)));
  }

  async remove(id: string): Promise<void> {
    await this.change((entries) => entries.filter((entry) => entry.id !== id));
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
    const text = await this.storage.getItem(this.key);
    if (text === null) return [];
    try {
      const entries: unknown = JSON.parse(text);
      if (Array.isArray(entries) && entries.every(isEntry)) return entries;
    } catch {
      // What cannot be read is kept below.
    }
    await this.write(`${this.key}.unreadable`, text);
    await this.write(this.key, '[]');
    this.onUnreadable();
    return [];
  }

  private async write(key: string, text: string): Promise<void> {
    try {
      await this.storage.setItem(key, text);
    } catch (cause) {
      throw new FowergramError('The storage takes no more.', { code: 'STORAGE_FULL' }, { cause });
    }
  }
}

const isEntry = (value: unknown): value is QueueEntry => {
  const { id, text, state } = (value ?? {}) as Partial<QueueEntry>;
  return typeof id === 'string' && typeof text === 'string' && (state === 'WAITING' || state === 'FAILED');
};
