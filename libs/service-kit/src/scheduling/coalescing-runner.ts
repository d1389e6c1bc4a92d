import { AsyncLocalStorage } from 'node:async_hooks';

/** Background work that is triggered: never beside itself, and once more when it was triggered while it ran. */
export class CoalescingRunner {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private isTriggered = false;
  /** A run is for everybody who triggered it, so neither the deadline nor the trace of the first one is its own. */
  private readonly inOwnContext = AsyncLocalStorage.snapshot();

  /** `work` gets a signal that is aborted by `stop`, and ends between two steps then. */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Runs soon; calls while a run is under way make one further run. */
  trigger(): void {
    if (this.stopping.signal.aborted) return;
    this.isTriggered = true;
    this.running ??= this.inOwnContext(() => this.run());
  }

  /** Resolves when nothing runs and nothing was asked for meanwhile. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  /** Starts no further run and waits for the one under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.idle();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (this.isTriggered && !signal.aborted) {
      this.isTriggered = false;
      await this.work(signal).catch(this.onError);
    }
    this.running = undefined;
  }
}
