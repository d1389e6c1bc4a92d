import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { signUpTestUser } from '../src/test-users.js';
import { insertDearData } from './dear-data.js';
import { makeCase } from './generate.js';
import { type FuzzTarget, runFuzz } from './run-fuzz.js';

const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));
const SEED = 9;
const COUNT = 150;

describe('A sample of the fuzzer', () => {
  let network: InProcessNetwork;
  let target: FuzzTarget;

  beforeAll(async () => {
    network = await startInProcess({ extra: { gateway: { RATE_LIMIT_FACTOR: '1000000' } } });
    const viewer = await signUpTestUser(network, 'viewer');
    const size = { users: 20, posts: 20, reactions: 20 };
    const pool = await insertDearData(network.databases, viewer.id.replace('user_', ''), size);
    target = { url: network.url, token: viewer.client.token!, schema, pool };
  });
  afterAll(() => network?.stop());

  it('finds no answer that no answer may be', async () => {
    const report = await runFuzz(target, { seed: SEED, count: COUNT });
    expect({ seed: SEED, ...report }).toMatchObject({ seed: SEED, findings: [] });
    // Each is used in each way, or a hole in one of them would go unseen.
    expect(Object.values(report.followUps).filter((count) => count >= 5)).toHaveLength(4);
    // Else it would have tested that errors are well-formed, and nothing else.
    expect(report.answers.data).toBeGreaterThan(report.sent / 5);
    expect(report.answers.BAD_USER_INPUT).toBeGreaterThan(report.sent / 10);
  });

  it('makes the same case again from its seed and its number', () => {
    const cases = (seed: number) =>
      Array.from({ length: 50 }, (_none, index) => makeCase(schema, target.pool, seed, index));
    expect(cases(7)).toEqual(cases(7));
    expect(cases(8)).not.toEqual(cases(7));
  });
});
