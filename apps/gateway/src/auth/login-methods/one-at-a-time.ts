/** Runs work of one key in turn, and work of different keys at the same time. */
export class OneAtATime {
  private readonly last = new Map<string, Promise<void>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    let leave!: () => void;
    const mine = new Promise<void>((resolve) => (leave = resolve));
    this.last.set(key, mine);
    await before;
    try {
      return await work();
    } finally {
      leave();
      if (this.last.get(key) === mine) this.last.delete(key);
    }
  }
}
