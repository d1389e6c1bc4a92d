import { mailRpc } from '@fowergram/contracts-notification';
import { openWorld, type World } from '../../support/world.js';

describe('an e-mail address that nobody asks to be verified', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ EMAIL_VERIFICATION: 'off' });
  });
  afterAll(() => world?.close());

  it('gets no mail, is in nobody’s way, and has no endpoint', async () => {
    const ann = await world.signUp();
    expect(world.callsOf(mailRpc.send)).toEqual([]);
    expect((await world.gql('{ me { username } }', {}, { as: ann })).data.me.username).toBe(ann.username);
    for (const path of ['/auth/user/email/verify', '/auth/user/email/verify/token']) {
      expect(
        (await world.post(path, { method: 'token', token: 'x' }, { authorization: `Bearer ${ann.token}` })).status,
      ).toBe(404);
    }
  });

  it('signs nobody in by way of a provider where none is configured', async () => {
    expect(
      (await world.post('/auth/signinup', { thirdPartyId: 'google', oAuthTokens: { id_token: 'x' } })).status,
    ).toBe(404);
    expect(
      (
        await fetch(
          `${world.url}/auth/authorisationurl?thirdPartyId=google&redirectURIOnProviderDashboard=http%3A%2F%2F127.0.0.1%3A3000`,
        )
      ).status,
    ).toBe(404);
  });
});
