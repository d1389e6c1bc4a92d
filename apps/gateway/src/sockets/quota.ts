/** Counts what each key holds and lets none hold more than `max`; a key that holds nothing takes no memory. */
export class Quota {
  private readonly held = new Map<string, number>();

  constructor(private readonly max: number) {}

  hasRoom(key: string): boolean {
    return (this.held.get(key) ?? 0) < this.max;
  }

  /** Takes one and returns what gives it back, once; undefined when the key holds all that it may. */
  take(key: string): (() => void) | undefined {
    if (!this.hasRoom(key)) return undefined;
    this.held.set(key, (this.held.get(key) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.giveBack(key);
      isHeld = false;
    };
  }

  /** How many keys hold something. */
  get size(): number {
    return this.held.size;
  }

  private giveBack(key: string): void {
    const left = this.held.get(key)! - 1;
    if (left === 0) this.held.delete(key);
    else this.held.set(key, left);
  }
}
