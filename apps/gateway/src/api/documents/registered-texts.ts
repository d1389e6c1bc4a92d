import { LRUCache } from 'lru-cache';

/** Characters of all registered texts together; each client has some dozens of some hundred. */
const MAX_REGISTERED = 4 * 1_024 * 1_024;
/** Characters that a user, or the visitors of an address, have registered: the documents of an app and of its last versions. */
const MAX_REGISTERED_BY_ONE = 256 * 1_024;
/** Characters that a text counts for besides its own: its hash and its places in the tables. */
const CHARACTERS_BESIDE = 300;

interface Registered {
  text: string;
  owner: string;
}

const sizeOf = ({ text }: Pick<Registered, 'text'>): number => text.length + CHARACTERS_BESIDE;

/** The texts that clients have registered by their hash. Whoever registers many loses the oldest of their own, and nobody else's. */
export class RegisteredTexts {
  private readonly byHash = new LRUCache<string, Registered>({
    maxSize: MAX_REGISTERED,
    sizeCalculation: sizeOf,
    disposeAfter: (registered, hash) => this.drop(registered, hash),
  });
  /** The hashes of each owner, the oldest first. */
  private readonly byOwner = new Map<string, { hashes: Set<string>; size: number }>();

  textOf(hash: string): string | undefined {
    return this.byHash.get(hash)?.text;
  }

  /** Keeps a text for whoever knows its hash. */
  add(hash: string, text: string, owner: string): void {
    if (this.byHash.has(hash)) return;
    const owned = this.byOwner.get(owner) ?? { hashes: new Set(), size: 0 };
    this.byOwner.set(owner, owned);
    owned.hashes.add(hash);
    owned.size += sizeOf({ text });
    this.byHash.set(hash, { text, owner });
    for (const oldest of owned.hashes) {
      if (owned.size <= MAX_REGISTERED_BY_ONE) break;
      this.byHash.delete(oldest);
    }
  }

  private drop(registered: Registered, hash: string): void {
    const owned = this.byOwner.get(registered.owner)!;
    owned.hashes.delete(hash);
    owned.size -= sizeOf(registered);
    if (owned.hashes.size === 0) this.byOwner.delete(registered.owner);
  }
}
