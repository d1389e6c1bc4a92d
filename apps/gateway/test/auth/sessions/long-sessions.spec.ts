import { RevokedSessionsService } from '../../../src/auth/sessions/revoked-sessions.service.js';
import { type CoreOfATest, startCore } from '../../support/core-process.js';
import { connect } from '../../support/socket.js';
import { openWorld, type TestUser, type World } from '../../support/world.js';

const MINUTE_MS = 60_000;
const DAY_SECONDS = 86_400;

describe('Sessions whose access tokens the core makes good for a day', () => {
  let core: CoreOfATest;
  let world: World;
  const now = Date.now;

  beforeAll(async () => {
    core = await startCore({ ACCESS_TOKEN_VALIDITY_SECONDS: DAY_SECONDS });
    world = await openWorld(core.variables);
  });
  afterEach(() => void (Date.now = now));
  afterAll(async () => {
    Date.now = now;
    await world?.close();
    await core?.stop();
  });

  const statusOf = async (user: TestUser) => (await world.gql('{ me { username } }', {}, { as: user })).status;
  const after = (minutes: number) => void (Date.now = () => now() + minutes * MINUTE_MS);

  it('are good for an hour, over HTTP and on sockets, whether the token was seen before or not', async () => {
    const [ann, bo] = [await world.signUp(), await world.signUp()];
    expect(await statusOf(ann)).toBe(200);
    after(59);
    expect(await statusOf(ann)).toBe(200);
    after(61);
    expect([await statusOf(ann), await statusOf(bo)]).toEqual([401, 401]);
    expect((await (await connect(world, bo)).closed).code).toBe(4401);
  });

  it('stay over for as long as that, once they were ended', async () => {
    const ann = await world.signUp();
    expect(await statusOf(ann)).toBe(200);
    await world.post('/auth/signout', {}, { authorization: `Bearer ${ann.token}` });
    for (const minutes of [1, 30, 59]) {
      after(minutes);
      await world.app.get(RevokedSessionsService).catchUp();
      expect([minutes, await statusOf(ann)]).toEqual([minutes, 401]);
    }
  });
});
