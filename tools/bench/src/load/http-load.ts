import { percentile } from '../stats.js';
import { type HttpAnswer, HttpConnection } from './http-connection.js';
import type { HttpJob, HttpReport } from './messages.js';

export type OnSend = (request: number, dueAt: number) => void;

/** Runs one job to its end. A broken connection rejects: no round is worth anything after it. */
export async function httpLoad(job: HttpJob, onSend: OnSend = () => undefined): Promise<HttpReport> {
  const connections = await Promise.all(Array.from({ length: job.connections }, () => HttpConnection.open(job.port)));
  const tally = new Tally(job);
  try {
    const beganAt = performance.now();
    await (job.rate
      ? openLoop(job, job.rate, connections, tally, onSend)
      : closedLoop(job, connections, tally, onSend));
    return tally.report(performance.now() - beganAt);
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function closedLoop(job: HttpJob, connections: HttpConnection[], tally: Tally, onSend: OnSend): Promise<void> {
  const endAt = performance.now() + job.seconds * 1_000;
  const take = dispenser(job, tally);
  await Promise.all(
    connections.map(async (connection) => {
      for (let now = performance.now(); now < endAt; now = performance.now()) {
        const request = take();
        if (request === undefined) return;
        onSend(request, now);
        tally.add(request, await connection.send(job.requests[request]!), now);
      }
    }),
  );
}

/** Latency counts from the moment a request was due, so that a server that stalls does not slow the clock it is measured by. */
async function openLoop(
  job: HttpJob,
  rate: number,
  connections: HttpConnection[],
  tally: Tally,
  onSend: OnSend,
): Promise<void> {
  const idle = [...connections];
  const queue: { request: number; dueAt: number }[] = [];
  const total = Math.round(rate * job.seconds);
  const take = dispenser(job, tally);
  const beganAt = performance.now();
  let due = 0;
  let completed = 0;
  await new Promise<void>((resolve, reject) => {
    const pump = () => {
      while (queue.length > 0 && idle.length > 0) {
        const connection = idle.pop()!;
        const { request, dueAt } = queue.shift()!;
        connection.send(job.requests[request]!).then((answer) => {
          tally.add(request, answer, dueAt);
          idle.push(connection);
          completed += 1;
          if (completed === due && due === total) resolve();
          else pump();
        }, stop);
      }
    };
    const timer = setInterval(() => {
      const now = performance.now();
      for (; due < total && beganAt + (due * 1_000) / rate <= now; due += 1) {
        const request = take();
        if (request === undefined) return stop(new Error('There are fewer requests than the rate needs.'));
        const dueAt = beganAt + (due * 1_000) / rate;
        onSend(request, dueAt);
        queue.push({ request, dueAt });
      }
      if (due === total) clearInterval(timer);
      pump();
    }, 1);
    const stop = (error: Error) => {
      clearInterval(timer);
      reject(error);
    };
  });
}

function dispenser(job: HttpJob, tally: Tally): () => number | undefined {
  let next = 0;
  return () => {
    if (next < job.requests.length) return next++;
    if (job.cycle) {
      next = 1;
      return 0;
    }
    tally.exhausted = true;
    return undefined;
  };
}

class Tally {
  exhausted = false;
  private readonly latencies: number[] = [];
  private readonly bodies: { request: number; body: string }[] = [];
  private readonly expected: Buffer[] | undefined;
  private wrong = 0;
  private wrongSample: string | undefined;

  constructor(private readonly job: HttpJob) {
    this.expected = job.expected?.map((body) => Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  }

  add(request: number, { status, body }: HttpAnswer, since: number): void {
    this.latencies.push(performance.now() - since);
    if (status !== (this.job.status ?? 200) || (this.expected && !this.expected[request]!.equals(body))) {
      this.wrong += 1;
      this.wrongSample ??= `request ${request} was answered ${status} ${body.toString('utf8').slice(0, 20_000)}`;
    } else if (this.job.keepBodies) this.bodies.push({ request, body: body.toString('utf8') });
  }

  report(elapsedMs: number): HttpReport {
    return {
      answered: this.latencies.length,
      elapsedMs,
      wrong: this.wrong,
      ...(this.wrongSample === undefined ? {} : { wrongSample: this.wrongSample }),
      latencyMs: percentiles(this.latencies),
      bodies: this.bodies,
      exhausted: this.exhausted,
    };
  }
}

export function percentiles(values: readonly number[]): { p50: number; p99: number; max: number } {
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99), max: percentile(values, 1) };
}
