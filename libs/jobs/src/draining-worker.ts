import { setTimeout } from 'node:timers/promises';
import { type ConnectionOptions, Worker } from 'bullmq';

const DRAIN_TIMEOUT_MS = 8_000;

/** A worker that closes in time: it takes no further job and finishes those under way, for as long as that makes sense. */
export class DrainingWorker extends Worker {
  private draining: Promise<void> | undefined;

  /** A processor closes its worker while the stores are open, and Nest closes it once more at the end. */
  override close(force = false): Promise<void> {
    this.draining ??= this.drain(force);
    return this.draining;
  }

  private async drain(force: boolean): Promise<void> {
    // A worker without a job waits for an answer of Redis, which would not come while Redis is away.
    const isIdle = this.lockManager.getActiveJobCount() === 0;
    const closed = super.close(force || (isIdle && !isReady(this.opts.connection))).catch(() => undefined);
    await Promise.race([closed, setTimeout(DRAIN_TIMEOUT_MS, undefined, { ref: false })]);
  }
}

const isReady = (connection: ConnectionOptions): boolean => 'status' in connection && connection.status === 'ready';
