/** Background work that is woken: never beside itself, and once more when it was woken while it ran. */
export class Turns {
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  /** `work` asks `mayGoOn` between its steps and answers for its own failures. */
  constructor(private readonly work: (mayGoOn: () => boolean) => Promise<void>) {}

  wake(): void {
    if (this.stopped) return;
    this.again = true;
    this.running ??= this.run();
  }

  /** Ends after the step that is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      await this.work(() => !this.stopped);
    }
    this.running = undefined;
  }
}
