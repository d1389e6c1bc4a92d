import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { percentile } from '../stats.js';
import { VALIDATE } from '../validate-method.js';
import type { GrpcJob, HttpReport } from './messages.js';

interface Session {
  userId: string;
}

/** Validates tokens, each caller the next one as soon as it has its answer. */
export async function grpcLoad(job: GrpcJob): Promise<HttpReport> {
  const client = new Client(`127.0.0.1:${job.port}`, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${job.key}`);
  const latencies: number[] = [];
  const wrong: string[] = [];
  const beganAt = performance.now();
  const endAt = beganAt + job.seconds * 1_000;
  let next = 0;

  const ask = (accessToken: string): Promise<{ session?: Session | null }> =>
    new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = VALIDATE;
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { accessToken },
        metadata,
        (error, answer) => (error ? reject(error) : resolve(answer as { session?: Session | null })),
      );
    });
  const caller = async (): Promise<void> => {
    for (let now = performance.now(); now < endAt; now = performance.now()) {
      const { token, userId } = job.tokens[next++ % job.tokens.length]!;
      const { session } = await ask(token);
      latencies.push(performance.now() - now);
      if (session?.userId !== userId) wrong.push(JSON.stringify(session));
    }
  };
  try {
    await Promise.all(Array.from({ length: job.callers }, caller));
    return {
      answered: latencies.length,
      elapsedMs: performance.now() - beganAt,
      wrong: wrong.length,
      ...(wrong[0] !== undefined && { wrongSample: wrong[0] }),
      latencyMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), max: percentile(latencies, 1) },
      bodies: [],
      exhausted: false,
    };
  } finally {
    client.close();
  }
}
