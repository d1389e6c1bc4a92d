import { type CoreOfATest, startCore } from '../../support/core-process.js';
import { connect } from '../../support/socket.js';
import { failureBody } from '../../support/failure-body.js';
import { openWorld, signUpForm, type World } from '../../support/world.js';

const VALID_SECONDS = 3;
const ME = '{ me { username } }';

describe('sessions whose access tokens live for seconds', () => {
  let core: CoreOfATest;
  let world: World;

  beforeAll(async () => {
    core = await startCore({ ACCESS_TOKEN_VALIDITY_SECONDS: VALID_SECONDS });
    world = await openWorld(core.variables);
  });
  afterAll(async () => {
    await world?.close();
    await core?.stop();
  });

  it('close their sockets with 4401 when the token expires, answer 401 from then on, and go on after a refresh', async () => {
    const ann = await world.signUp();
    expect((await world.gql(ME, {}, { as: ann })).data.me.username).toBe(ann.username);
    const socket = await connect(world, ann);
    expect((await socket.closed).code).toBe(4401);
    const late = await world.post('/graphql', { query: ME }, { authorization: `Bearer ${ann.token}` });
    expect([late.status, await late.json()]).toEqual([401, failureBody({ message: 'try refresh token' })]);
    expect((await (await connect(world, ann)).closed).code).toBe(4401);
    const refreshed = await fetch(`${world.url}/auth/session/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.refreshToken}` },
    });
    const token = refreshed.headers.get('st-access-token')!;
    expect((await world.gql(ME, {}, { as: { ...ann, token } })).data.me.username).toBe(ann.username);
  });

  it('stay signed in while the core is down, and signing in says 503', async () => {
    const ann = await world.signUp();
    await core.kill();
    expect((await world.gql(ME, {}, { as: ann })).data.me.username).toBe(ann.username);
    const signIn = await world.post('/auth/signin', { formFields: signUpForm('', ann.email).formFields.slice(0, 2) });
    const refresh = await world.post('/auth/session/refresh', {}, { authorization: `Bearer ${ann.refreshToken}` });
    expect([signIn.status, refresh.status]).toEqual([503, 503]);
  });
});
