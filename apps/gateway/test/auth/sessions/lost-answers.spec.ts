import { RecipeUserId } from 'supertokens-node';
import { updateEmailOrPassword } from 'supertokens-node/recipe/emailpassword';
import { revokeAllSessionsForUser } from 'supertokens-node/recipe/session';
import { signInRpc } from '@fowergram/contracts-user';
import { openAccounts, refresh, sessionsOf, signIn, type SignedIn } from '../../support/accounts.js';
import { CoreProxy } from '../../support/core-proxy.js';
import { openWorld, type TestUser, type World } from '../../support/world.js';

const ME = '{ me { username } }';

describe('when the connection to the auth core breaks in the middle, a session', () => {
  let core: CoreProxy;
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    core = await CoreProxy.open();
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: core.url });
    await openAccounts(world);
  });
  afterAll(async () => {
    await world?.close();
    await core?.close();
  });
  beforeEach(async () => {
    ann = await world.signUp();
  });

  const statusOf = async ({ token }: Pick<SignedIn, 'token'>) =>
    (await world.post('/graphql', { query: ME }, { authorization: `Bearer ${token}` })).status;
  const signOut = async ({ token }: Pick<SignedIn, 'token'>) =>
    (await world.post('/auth/signout', {}, { authorization: `Bearer ${token}` })).status;

  it('is renewed again', async () => {
    core.loseNextAnswer('/recipe/session/refresh');
    expect((await refresh(world, ann.refreshToken)).status).toBe(503);
    expect((await refresh(world, ann.refreshToken)).status).toBe(200);
  });

  it('is given to nobody', async () => {
    core.loseNextAnswer('/recipe/session');
    world.clearCalls();
    expect([(await signIn(world, ann)).status, world.callsOf(signInRpc.record)]).toEqual([503, []]);
    expect((await signIn(world, ann)).status).toBe(200);
  });

  it('ends with the sign-out, which can be tried again', async () => {
    core.loseNextAnswer('/recipe/session/remove');
    expect([await signOut(ann), await statusOf(ann), await signOut(ann), await sessionsOf(ann.id)]).toEqual([
      503, 401, 200, 0,
    ]);
  });

  it('ends with all others', async () => {
    const here = await signIn(world, ann);
    core.loseNextAnswer('/recipe/session/remove');
    await world.gql('mutation { revokeOtherSessions { sessionIds } }', {}, { as: { ...ann, token: here.token } });
    expect([await statusOf(ann), await statusOf(here)]).toEqual([401, 200]);
  });

  it('ends with all that somebody has', async () => {
    const elsewhere = await signIn(world, ann);
    core.loseNextAnswer('/recipe/session/remove');
    await expect(revokeAllSessionsForUser(ann.id)).rejects.toThrow();
    expect([await statusOf(ann), await statusOf(elsewhere)]).toEqual([401, 401]);
  });

  it('is not renewed after its end, be it that the core did not hear of that', async () => {
    core.loseNextCall('/recipe/session/remove');
    expect([await signOut(ann), await sessionsOf(ann.id)]).toEqual([503, 1]);
    const renewed = await refresh(world, ann.refreshToken);
    expect([renewed.status, renewed.headers.get('st-access-token') || null, await sessionsOf(ann.id)]).toEqual([
      401,
      null,
      0,
    ]);
  });
  it('by a password that changes while it is made is given to nobody', async () => {
    const held = core.holdNextCall('/public/recipe/session');
    const late = signIn(world, ann);
    await held.arrived;
    await updateEmailOrPassword({ recipeUserId: new RecipeUserId(ann.id), password: 'another-horse-2' });
    await revokeAllSessionsForUser(ann.id);
    held.letGo();
    const { status, body, token } = await late;
    expect([status, body.message, token, await sessionsOf(ann.id)]).toEqual([
      503,
      expect.stringContaining('changed just now'),
      '',
      0,
    ]);
  });
});
