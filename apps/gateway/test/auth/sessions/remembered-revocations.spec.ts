import { sessionRpc } from '@fowergram/contracts-user';
import { RevokedSessionsService } from '../../../src/auth/sessions/revoked-sessions.service.js';
import { CoreProxy } from '../../support/core-proxy.js';
import { openWorld, type TestUser, type World } from '../../support/world.js';

const REMEMBERED = 200_000;
const EVICTED_TOGETHER = 20_000;
const VERIFY = '/recipe/session/verify';

describe('The revocations that a gateway remembers', () => {
  let core: CoreProxy;
  let world: World;

  beforeAll(async () => {
    core = await CoreProxy.open();
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url });
  });
  afterAll(async () => {
    await world?.close();
    await core?.close();
  });

  const statusOf = async (user: TestUser) => (await world.gql('{ me { username } }', {}, { as: user })).status;
  const revocations = () => world.app.get(RevokedSessionsService);
  /** Ends sessions that nobody here has. */
  const end = async (from: number, count: number) => {
    for (let first = from; first < from + count; first += 10_000) {
      const size = Math.min(10_000, from + count - first);
      await revocations().announce(Array.from({ length: size }, (_none, index) => `ended-${first + index}`));
    }
  };
  const remembered = (count: number) =>
    Array.from({ length: count }, (_none, index) => `ended-${index}`).filter((handle) =>
      revocations().isRevoked(handle),
    );

  it('are 200,000 at most; beyond, the oldest are forgotten and the auth core is asked, once for each live session', async () => {
    const [ann, bo] = [await world.signUp(), await world.signUp()];
    expect([await statusOf(ann), await statusOf(bo)]).toEqual([200, 200]);
    await world.answer(sessionRpc.revoke, () => ({}));
    expect((await world.post('/auth/signout', {}, { authorization: `Bearer ${ann.token}` })).status).toBe(200);
    await end(0, REMEMBERED - 1);
    core.clearCalls();
    expect([await statusOf(ann), await statusOf(bo), core.calls(VERIFY)]).toEqual([401, 200, []]);
    expect(revocations().isInDoubt).toBe(false);

    await end(REMEMBERED - 1, 1);
    expect(revocations().isInDoubt).toBe(true);
    // The oldest was that of Ann.
    expect(remembered(REMEMBERED)).toHaveLength(REMEMBERED - EVICTED_TOGETHER + 1);
    for (let turn = 0; turn < 3; turn++) expect([await statusOf(ann), await statusOf(bo)]).toEqual([401, 200]);
    // Three times for what has ended, since that is not remembered, and once for what is live.
    expect(core.calls(VERIFY)).toHaveLength(4);
  }, 60_000);
});
