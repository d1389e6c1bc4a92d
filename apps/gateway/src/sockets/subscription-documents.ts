import type { DocumentNode } from 'graphql';
import { type HeldDocument, HeldDocuments } from './held-documents.js';
import { SOCKET_LIMITS } from './socket-limits.config.js';

export interface TakenDocument {
  document: DocumentNode;
  release: () => void;
}

/**
 * What the open subscriptions keep of their texts. A syntax tree takes up to two hundred times the memory of its text, so what
 * counts is its nodes: a user has few texts of their own, and a text that many show is kept once.
 */
export class SubscriptionDocuments {
  private readonly all = new HeldDocuments(SOCKET_LIMITS.subscriptionNodes);
  private readonly byUser = new Map<string, HeldDocuments>();

  /** Takes a document until it is released, which calls `onRelease`; otherwise says who holds too much. */
  take(userId: string, wanted: HeldDocument, onRelease: () => void): TakenDocument | 'user' | 'all' {
    const own = this.byUser.get(userId) ?? new HeldDocuments(SOCKET_LIMITS.subscriptionNodesPerUser);
    if (!own.hasRoomFor(wanted)) return 'user';
    if (!this.all.hasRoomFor(wanted)) return 'all';
    own.add(wanted);
    this.byUser.set(userId, own);
    const release = once(() => {
      this.giveBack(userId, own, wanted.text);
      onRelease();
    });
    return { document: this.all.add(wanted), release };
  }

  /** How many users hold something. */
  get size(): number {
    return this.byUser.size;
  }

  private giveBack(userId: string, own: HeldDocuments, text: string): void {
    this.all.remove(text);
    own.remove(text);
    if (own.isEmpty && this.byUser.get(userId) === own) this.byUser.delete(userId);
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
