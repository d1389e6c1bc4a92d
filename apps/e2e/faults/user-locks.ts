/** Lets those who change what others see of a user wait for those who count on it, and the other way round. */
export class UserLocks {
  private readonly sharing = new Map<string, number>();
  private readonly changed = new Set<string>();
  private waiting: (() => void)[] = [];

  /** Runs while nobody changes what is seen of these users. */
  async shared<T>(users: string[], work: () => Promise<T>): Promise<T> {
    while (users.some((user) => this.changed.has(user))) await this.next();
    for (const user of users) this.sharing.set(user, (this.sharing.get(user) ?? 0) + 1);
    try {
      return await work();
    } finally {
      for (const user of users) this.sharing.set(user, this.sharing.get(user)! - 1);
      this.notifyAll();
    }
  }

  /** Runs while nobody else counts on these users or changes what is seen of them. */
  async exclusive<T>(users: string[], work: () => Promise<T>): Promise<T> {
    while (users.some((user) => this.changed.has(user) || this.sharing.get(user))) await this.next();
    for (const user of users) this.changed.add(user);
    try {
      return await work();
    } finally {
      for (const user of users) this.changed.delete(user);
      this.notifyAll();
    }
  }

  private next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private notifyAll(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
