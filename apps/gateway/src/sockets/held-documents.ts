import type { DocumentNode } from 'graphql';

/** What a subscription shows its events with, for as long as it lasts. */
export interface HeldDocument {
  text: string;
  nodes: number;
  document: DocumentNode;
}

/** The documents of open subscriptions, each text once, up to `max` nodes together. */
export class HeldDocuments {
  private readonly byText = new Map<string, HeldDocument & { uses: number }>();
  private nodes = 0;

  constructor(private readonly max: number) {}

  hasRoomFor({ text, nodes }: HeldDocument): boolean {
    return this.byText.has(text) || this.nodes + nodes <= this.max;
  }

  /** Holds one more use of a text, and answers the document that is held for it already, if there is one. */
  add(wanted: HeldDocument): DocumentNode {
    const held = this.byText.get(wanted.text) ?? { ...wanted, uses: 0 };
    if (held.uses++ === 0) {
      this.byText.set(wanted.text, held);
      this.nodes += held.nodes;
    }
    return held.document;
  }

  remove(text: string): void {
    const held = this.byText.get(text)!;
    if (--held.uses > 0) return;
    this.byText.delete(text);
    this.nodes -= held.nodes;
  }

  get isEmpty(): boolean {
    return this.byText.size === 0;
  }
}
