import { nothingLike, type Unseen, unseen } from '../src/access/unseen.js';
import { openScene, type Scene } from '../src/access/scene.js';
import { type Network, startNetwork } from '../src/network.js';

const SAMPLES = 150;

/** Medians of a machine that does nothing else, which is why this is no part of `npm test`; the steps of both are compared there. */
describe('What may not be seen', () => {
  let network: Network;
  let scene: Scene;

  beforeAll(async () => {
    network = await startNetwork({ extra: { gateway: { EMAIL_VERIFICATION: 'off', RATE_LIMIT_FACTOR: '100000' } } });
    // Nothing in here reads a cursor.
    scene = await openScene({ ...network, cursorKey: '' });
  }, 300_000);
  afterAll(() => network?.stop());

  /** How long each of the two takes, asked in turns: what disturbs the one disturbs the other. */
  async function timesOf({ viewer, author, query, idOf }: Unseen): Promise<{ hidden: number[]; nothing: number[] }> {
    const client = scene.clientOf(viewer, author);
    const times = { hidden: [] as number[], nothing: [] as number[] };
    const ids = { hidden: idOf(scene), nothing: nothingLike(idOf(scene)) };
    for (let round = -20; round < SAMPLES; round++)
      for (const name of round % 2 === 0 ? (['hidden', 'nothing'] as const) : (['nothing', 'hidden'] as const)) {
        const startedAt = performance.now();
        await client.answer(query, { id: ids[name] });
        if (round >= 0) times[name].push(performance.now() - startedAt);
      }
    return times;
  }

  it.each(unseen)('takes the median time of what does not exist: $name', async (one) => {
    const { hidden, nothing } = await timesOf(one);
    const [a, b] = [median(hidden), median(nothing)];
    process.stderr.write(`${one.name}: ${a.toFixed(2)} ms, nothing ${b.toFixed(2)} ms\n`);
    // Half of what the samples themselves differ by says nothing.
    expect(Math.abs(a - b)).toBeLessThanOrEqual(Math.max(0.05 * b, spread(nothing) / 2));
  });
});

const sorted = (numbers: number[]): number[] => [...numbers].sort((a, b) => a - b);
const at = (numbers: number[], share: number): number => sorted(numbers)[Math.floor(share * (numbers.length - 1))]!;
const median = (numbers: number[]): number => at(numbers, 0.5);
const spread = (numbers: number[]): number => at(numbers, 0.75) - at(numbers, 0.25);
