import { ARGON2ID } from '../../../auth-core/src/password.js';
import { type BenchNetwork, withBare } from '../bench-network.js';
import type { BarePassword } from '../bare/password.js';
import { cpuFigures } from '../cpu-figures.js';
import { requestBytes } from '../load/http-connection.js';
import type { HttpJob, HttpReport } from '../load/messages.js';
import type { BenchOptions } from '../options.js';
import type { Profiler } from '../profile.js';
import { type Figure, figure } from '../results.js';
import { alternate, sample } from '../rounds.js';
import type { Town } from '../seed.js';
import { WrongAnswer } from '../wrong-answer.js';

/** As many as the stand-in checks at a time; more would only wait. */
const CONNECTIONS = 4;

/** S1: users signing in with their password at its real cost, each from an address of their own, beside the bare check of the password. */
export async function signInRow(
  bench: BenchNetwork,
  { authors }: Town,
  options: BenchOptions,
  profiler: Profiler,
): Promise<Figure[]> {
  const settings: BarePassword = { password: authors[0]!.password, cost: ARGON2ID };
  return withBare('password', settings, async (bare) => {
    const base = {
      kind: 'http',
      connections: CONNECTIONS,
      seconds: options.seconds,
      cycle: true,
      keepBodies: true,
    } as const;
    const requests = authors.map(({ email, password }, index) => {
      const formFields = [
        { id: 'email', value: email },
        { id: 'password', value: password },
      ];
      return requestBytes({
        path: '/auth/signin',
        headers: { 'st-auth-mode': 'header', 'x-forwarded-for': `10.9.0.${index + 1}` },
        body: { formFields },
      });
    });
    const oursJob: HttpJob = { ...base, port: bench.gatewayPort, requests };
    const bareJob: HttpJob = {
      ...base,
      port: bare.port,
      requests: [requestBytes({ path: '/sign-in', body: { password: settings.password } })],
    };
    const run = async (job: HttpJob) => checked(await bench.load(job));
    await run({ ...oursJob, seconds: 1 });
    await profiler.during(() => run(oursJob));
    const watched = { ...bench.watched, ...bare.watched };
    const rounds = await alternate(
      options.rounds,
      () => sample(watched, () => run(oursJob)),
      () => sample(watched, () => run(bareJob)),
    );
    return [
      figure({
        row: 'S1',
        name: 'throughput',
        label: 'sign-ins, argon2id at the cost of the core',
        unit: 'sign-ins/s',
        ours: rounds.ours.map(({ perSecond }) => perSecond),
        bare: rounds.bare.map(({ perSecond }) => perSecond),
        goals: [{ kind: 'target', of: 'ours', atLeast: 20 }],
      }),
      ...cpuFigures({ row: 'S1', per: 'sign-in', rounds }),
    ];
  });
}

function checked(report: HttpReport): HttpReport {
  const wrong = report.bodies.find(({ body }) => (JSON.parse(body) as { status: string }).status !== 'OK');
  if (wrong) throw new WrongAnswer(`A sign-in was answered ${wrong.body}`);
  return report;
}
