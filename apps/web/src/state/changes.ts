import type { Document, FowergramClient, Queue, QueueEntry, QueueEvent } from '@fowergram/client';

interface Waiting {
  resolve: (data: unknown) => void;
  reject: (error: unknown) => void;
}

/** All that the user changes goes through the queue of the client: kept without a network and after a reload, done once, in order. */
export class Changes {
  private readonly queue: Queue;
  private readonly waiting = new Map<string, Waiting>();
  private readonly listeners = new Set<(event: QueueEvent) => void>();

  constructor(client: FowergramClient, userId: string) {
    this.queue = client.queue({ storage: localStorage, userId, onEvent: (event) => this.handle(event) });
  }

  /** Keeps a change and answers its id; how it ends comes to `onEvent`. */
  keep<Data, Variables>(document: Document<Data, Variables>, variables: Variables): Promise<string> {
    return this.queue.add(document, variables);
  }

  /** Keeps a change and answers what the server says to it, however late. One that fails is given up. */
  async send<Data, Variables>(document: Document<Data, Variables>, variables: Variables): Promise<Data> {
    const id = await this.queue.add(document, variables);
    try {
      return await new Promise<Data>((resolve, reject) =>
        this.waiting.set(id, { resolve: (data) => resolve(data as Data), reject }),
      );
    } catch (error) {
      await this.queue.discard(id);
      throw error;
    } finally {
      this.waiting.delete(id);
    }
  }

  list(): Promise<QueueEntry[]> {
    return this.queue.list();
  }

  retry(id: string): Promise<void> {
    return this.queue.retry(id);
  }

  discard(id: string): Promise<void> {
    return this.queue.discard(id);
  }

  onEvent(listener: (event: QueueEvent) => void): void {
    this.listeners.add(listener);
  }

  close(): void {
    this.queue.close();
  }

  private handle(event: QueueEvent): void {
    if (event.kind === 'SENT') this.waiting.get(event.id)?.resolve(event.data);
    if (event.kind === 'FAILED') this.waiting.get(event.id)?.reject(event.error);
    for (const listener of this.listeners) listener(event);
  }
}
