import { setTimeout as pause } from 'node:timers/promises';
import { httpLoad, percentiles } from './http-load.js';
import type { LiveJob, LiveReport } from './messages.js';
import { openSocket } from './sockets.js';

const POLL_INTERVAL_MS = 20;

/** Measures from the moment a request is due to the arrival of its frame on an open socket. */
export async function liveLoad(job: LiveJob): Promise<LiveReport> {
  const dueAt = new Map<string, number>();
  const arrived = new Map<string, number>();
  let surplus = 0;
  let failure: Error | undefined;
  const onKey = (key: string) => {
    if (!dueAt.has(key) || arrived.has(key)) surplus += 1;
    else arrived.set(key, performance.now());
  };
  const sockets = await Promise.all(job.sockets.map((spec) => openSocket(spec, onKey, (error) => (failure ??= error))));
  try {
    // @NOTE The protocol has no acknowledgement of a subscription: it is given a moment to reach the server and NATS.
    await pause(500);
    const report = await httpLoad(job.http, (request, at) => dueAt.set(job.keys[request]!, at));
    for (const giveUpAt = Date.now() + job.timeoutMs; arrived.size < dueAt.size && !failure && Date.now() < giveUpAt;)
      await pause(POLL_INTERVAL_MS);
    if (failure) throw failure;
    const frameMs = percentiles([...arrived].map(([key, at]) => at - dueAt.get(key)!));
    return {
      ...report,
      frames: arrived.size,
      missing: [...dueAt.keys()].filter((key) => !arrived.has(key)),
      surplus,
      frameMs,
    };
  } finally {
    for (const socket of sockets) socket.close();
  }
}
