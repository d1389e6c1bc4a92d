/** How much one process of a service takes on. */
export const INTAKE = {
  /** Several times what its pool of Postgres connections works on, and little enough that the last of them is answered in time. */
  inFlight: 128,
  /** A burst that is over within a read's deadline; what comes beyond is better refused at once than answered too late. */
  waiting: 256,
} as const;

export interface IntakeHandlers<R> {
  /** Begins the work; `end` is called when it is over. */
  start: (request: R) => void;
  /** Hears of a request for whose answer nobody waits any more. */
  expire: (request: R) => void;
}

/** Takes on a bounded number of requests at a time; others wait in their order for as long as somebody waits for them. */
export class Intake<R extends { deadlineAt: number }> {
  private inFlight = 0;
  private readonly waiting: R[] = [];
  private readonly onIdle: (() => void)[] = [];

  constructor(
    private readonly handlers: IntakeHandlers<R>,
    private readonly limits: { inFlight: number; waiting: number } = INTAKE,
  ) {}

  /** False when there are too many already. */
  take(request: R): boolean {
    if (request.deadlineAt <= Date.now()) this.handlers.expire(request);
    else if (this.inFlight < this.limits.inFlight) this.begin(request);
    else if (this.waiting.length < this.limits.waiting) this.waiting.push(request);
    else return false;
    return true;
  }

  end(): void {
    this.inFlight--;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      if (next.deadlineAt > Date.now()) return this.begin(next);
      this.handlers.expire(next);
    }
    if (this.inFlight === 0) for (const resolve of this.onIdle.splice(0)) resolve();
  }

  /** Resolves when nothing is under way and nothing waits. */
  idle(): Promise<void> {
    return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.onIdle.push(resolve));
  }

  private begin(request: R): void {
    this.inFlight++;
    this.handlers.start(request);
  }
}
