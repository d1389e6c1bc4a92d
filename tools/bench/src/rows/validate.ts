import { addServiceKey } from '../../../../apps/e2e/src/service-keys.js';
import { BARE, type BenchNetwork, withBare } from '../bench-network.js';
import type { GrpcJob } from '../load/messages.js';
import type { BenchOptions } from '../options.js';
import type { Profiler } from '../profile.js';
import { type Figure, figure } from '../results.js';
import { alternate, sample } from '../rounds.js';
import type { Town } from '../seed.js';

/** G1: Tokens/Validate for sessions that the gateway knows, in CPU of the gateway: 100 µs are 10,000 a second on a core. */
export async function validateRow(
  bench: BenchNetwork,
  { authors }: Town,
  options: BenchOptions,
  profiler: Profiler,
): Promise<Figure[]> {
  const tokens = authors.map(({ client, id }) => ({ token: client.token!, userId: id }));
  const key = await addServiceKey(bench.network.databases.user!);
  const job: GrpcJob = {
    kind: 'grpc',
    port: bench.grpcPort,
    key,
    tokens,
    callers: options.connections,
    seconds: options.seconds,
  };
  const [first] = tokens;
  const answer = { session: { userId: first!.userId, role: 'ROLE_USER', secondFactor: 'SECOND_FACTOR_OFF' } };
  const times = { issueTime: { seconds: 1_700_000_000, nanos: 0 }, expireTime: { seconds: 1_700_003_600, nanos: 0 } };
  return withBare('grpc', { session: { ...answer.session, ...times } }, async (bare) => {
    const bareJob: GrpcJob = { ...job, port: bare.port, tokens: [first!] };
    for (const each of [job, bareJob]) await bench.load({ ...each, seconds: 3 });
    await profiler.during(() => bench.load(job));
    const watched = { ...bench.watched, ...bare.watched };
    const rounds = await alternate(
      options.rounds,
      () => sample(watched, () => bench.load(job)),
      () => sample(watched, () => bench.load(bareJob)),
    );
    return [
      figure({
        row: 'G1',
        name: 'throughput',
        label: 'Tokens/Validate, with its load generator on the same cores',
        unit: 'calls/s',
        ours: rounds.ours.map(({ perSecond }) => perSecond),
        bare: rounds.bare.map(({ perSecond }) => perSecond),
      }),
      figure({
        row: 'G1',
        name: 'cpu.gateway',
        label: 'CPU of the gateway',
        unit: 'µs per call',
        ours: rounds.ours.map(({ cpu }) => cpu.gateway!),
        bare: rounds.bare.map(({ cpu }) => cpu[BARE]!),
        goals: [{ kind: 'floor', of: 'ours', atMost: 100 }],
      }),
      figure({
        row: 'G1',
        name: 'cpu.user',
        label: 'CPU of the user service, which is asked for the key',
        unit: 'µs per call',
        ours: rounds.ours.map(({ cpu }) => cpu.user ?? 0),
      }),
    ];
  });
}
