import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Every } from '@fowergram/service-kit';

const SAMPLE_INTERVAL_MS = 500;
const RESOLUTION_MS = 20;
const NS_OF_MS = 1e6;

/** Knows by how much the event loop is late, and has been for two samples: a single pause is no overload. */
@Injectable()
export class LoopDelayService implements OnModuleDestroy {
  ms = 0;
  private last = 0;
  private readonly histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.histogram.enable();
  }

  onModuleDestroy(): void {
    this.histogram.disable();
  }

  @Every(SAMPLE_INTERVAL_MS, 'measure the event loop')
  sample(): void {
    const { mean } = this.histogram;
    this.histogram.reset();
    // Not a number where the loop did not turn a single time.
    const delay = Number.isNaN(mean) ? SAMPLE_INTERVAL_MS : Math.max(0, mean / NS_OF_MS - RESOLUTION_MS);
    this.ms = Math.min(this.last, delay);
    this.last = delay;
  }
}
