import { randomBytes } from 'node:crypto';
import { mailRpc } from '@fowergram/contracts-notification';
import { connect } from '../../support/socket.js';
import { failureBody } from '../../support/failure-body.js';
import { openWorld, type TestUser, type World } from '../../support/world.js';

const ME = '{ me { username } }';

describe('an e-mail address that must be verified', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ EMAIL_VERIFICATION: 'required' });
  });
  afterAll(() => world?.close());

  const linkTo = (email: string) =>
    new URL(
      world
        .callsOf(mailRpc.send)
        .flatMap(({ input: { to, content } }) =>
          to === email && content.template === 'verify-email' ? [content.values.link] : [],
        )
        .at(-1)!,
    );
  const withToken = ({ token }: TestUser) => ({ authorization: `Bearer ${token}` });
  const ask = async (user: TestUser) => {
    const response = await world.post('/graphql', { query: ME }, withToken(user));
    return [response.status, (await response.json()) as unknown];
  };
  const verify = (user: TestUser, as?: TestUser) =>
    world.post(
      '/auth/user/email/verify',
      { method: 'token', token: linkTo(user.email).searchParams.get('token') },
      as ? withToken(as) : {},
    );
  const unverified = [
    403,
    failureBody(
      { message: 'invalid claim', claimValidationErrors: [{ id: 'st-ev', reason: expect.anything() }] },
      'FORBIDDEN',
    ),
  ];

  it('is in the way of everything but /auth, until it is verified in the same session', async () => {
    const ann = await world.signUp();
    expect(await ask(ann)).toEqual(unverified);
    expect(await ask(ann)).toEqual(unverified);
    expect(await (await world.post('/auth/user/email/verify/token', {}, withToken(ann))).json()).toEqual({
      status: 'OK',
    });
    const response = await verify(ann, ann);
    expect(await response.json()).toEqual({ status: 'OK' });
    expect(await ask({ ...ann, token: response.headers.get('st-access-token')! })).toEqual([
      200,
      { data: { me: { username: ann.username } } },
    ]);
  });

  it('is seen to be verified elsewhere when the app asks', async () => {
    const ann = await world.signUp();
    expect(await (await verify(ann)).json()).toEqual({ status: 'OK' });
    const response = await fetch(`${world.url}/auth/user/email/verify`, { headers: withToken(ann) });
    expect(await response.json()).toEqual({ status: 'OK', isVerified: true });
    expect(await ask({ ...ann, token: response.headers.get('st-access-token')! })).toEqual([
      200,
      { data: { me: { username: ann.username } } },
    ]);
  });

  it('lets nobody listen on a socket before', async () => {
    const ann = await world.signUp();
    expect((await (await connect(world, ann)).closed).code).toBe(4403);
  });

  it('lets users sign out and refresh before', async () => {
    const ann = await world.signUp();
    const refreshed = await fetch(`${world.url}/auth/session/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.refreshToken}` },
    });
    expect(refreshed.status).toBe(200);
    expect(
      (await world.post('/auth/signout', {}, { authorization: `Bearer ${refreshed.headers.get('st-access-token')!}` }))
        .status,
    ).toBe(200);
  });

  it('is verified from the start where a code was sent to it', async () => {
    const email = `p_${randomBytes(6).toString('hex')}@example.com`;
    const { preAuthSessionId, deviceId } = (await (await world.post('/auth/signinup/code', { email })).json()) as {
      preAuthSessionId: string;
      deviceId: string;
    };
    const sent = world.callsOf(mailRpc.send).find(({ input }) => input.to === email)!.input.content;
    const userInputCode = sent.template === 'sign-in-code' ? sent.values.code : '';
    const response = await world.post('/auth/signinup/code/consume', { preAuthSessionId, deviceId, userInputCode });
    const me = await world.post(
      '/graphql',
      { query: ME },
      { authorization: `Bearer ${response.headers.get('st-access-token')!}` },
    );
    expect(me.status).toBe(200);
  });
});
