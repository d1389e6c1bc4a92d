/** Lets those who change what others see of a user wait for those who count on it, and the other way round. */
export class Turns {
  private readonly counting = new Map<string, number>();
  private readonly changing = new Set<string>();
  private waiting: (() => void)[] = [];

  /** Runs while nobody changes what is seen of these users. */
  async count<T>(users: string[], work: () => Promise<T>): Promise<T> {
    while (users.some((user) => this.changing.has(user))) await this.next();
    for (const user of users) this.counting.set(user, (this.counting.get(user) ?? 0) + 1);
    try {
      return await work();
    } finally {
      for (const user of users) this.counting.set(user, this.counting.get(user)! - 1);
      this.wake();
    }
  }

  /** Runs while nobody else counts on these users or changes what is seen of them. */
  async change<T>(users: string[], work: () => Promise<T>): Promise<T> {
    while (users.some((user) => this.changing.has(user) || this.counting.get(user))) await this.next();
    for (const user of users) this.changing.add(user);
    try {
      return await work();
    } finally {
      for (const user of users) this.changing.delete(user);
      this.wake();
    }
  }

  private next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
