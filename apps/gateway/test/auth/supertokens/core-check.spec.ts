import { CoreProxy } from '../../support/core-proxy.js';
import { failToStart, startGateway } from '../../support/gateway-process.js';
import { openWorld, type World } from '../../support/world.js';

const UNKNOWN_TENANT = '/no-such-tenant/users/count';
const OTHER_KEY = 'b7d1f0c2a94e4c35a0f1d2c3b4a59687';
const PRODUCTION = {
  ENVIRONMENT: 'production',
  API_DOMAIN: 'https://api.example.com',
  WEBSITE_DOMAIN: 'https://www.example.com',
  TRUSTED_PROXIES: '10.0.0.0/8',
};

describe('A gateway that starts', () => {
  let core: CoreProxy;
  let world: World;

  beforeAll(async () => {
    core = await CoreProxy.open();
    world = await openWorld();
  });
  afterAll(async () => {
    await world?.close();
    await core?.close();
  });
  afterEach(() => core.answerNothingItself());

  it.each([
    ['no API key of the core', undefined, /SUPERTOKENS_API_KEY is missing, and the auth core asks for one/],
    ['another one', OTHER_KEY, /SUPERTOKENS_API_KEY is none of the API keys of the auth core/],
  ])('with %s says so, shows none, ends, and leaves nothing listening', async (_, key, sentence) => {
    const { code, output, listening } = await failToStart(world, { SUPERTOKENS_API_KEY: key });
    expect([code, listening]).toEqual([78, []]);
    expect(output).toMatch(sentence);
    expect(output).not.toContain(OTHER_KEY);
  });

  it('in production with a core that does not always ask for its key, ends and says which one does', async () => {
    core.answerItself(UNKNOWN_TENANT, 400, 'AppId or tenantId not found');
    const variables = { ...PRODUCTION, SUPERTOKENS_CONNECTION_URI: core.url };
    const { code, output, listening } = await failToStart(world, variables);
    expect([code, listening]).toEqual([78, []]);
    expect(output).toMatch(/answers without an API key .* 11\.4\.6 or newer/);
  });

  it('elsewhere with such a core, only says so', async () => {
    core.answerItself(UNKNOWN_TENANT, 200, '{"status":"OK","count":0}');
    const gateway = await startGateway(world, { SUPERTOKENS_CONNECTION_URI: core.url });
    expect(gateway.output()).toMatch(/answers without an API key .* 11\.4\.6 or newer/);
    await gateway.stop();
  });

  it('with an address that leads to something else, says so and ends', async () => {
    core.answerItself('/apiversion', 200, '{"versions":["2.8"]}');
    const { code, output, listening } = await failToStart(world, { SUPERTOKENS_CONNECTION_URI: core.url });
    expect([code, listening]).toEqual([78, []]);
    expect(output).toMatch(/SUPERTOKENS_CONNECTION_URI leads to no auth core that speaks version 5\.4/);
  });

  it('while the core is away, starts: it may come yet', async () => {
    core.answerItself('', 503, 'not yet');
    const gateway = await startGateway(world, { SUPERTOKENS_CONNECTION_URI: core.url });
    core.answerNothingItself();
    const response = await fetch(`${gateway.url}/auth/signin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        formFields: [
          { id: 'email', value: 'nobody-yet@example.com' },
          { id: 'password', value: 'wrong-horse-1' },
        ],
      }),
    });
    expect(await response.json()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    await gateway.stop();
  });
});
