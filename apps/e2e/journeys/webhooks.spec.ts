import { Database } from '@fowergram/database';
import { eventually, freePort } from '@fowergram/testing';
import { like } from '../src/actions.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { setRole } from '../src/operators.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';
import { startWebhookReceiver, type WebhookReceiver } from '../src/webhook-receiver.js';

interface Line {
  id: string;
  event: string;
  state: string;
  lastStatus: number | null;
}

describe('A webhook of another back end', () => {
  let network: InProcessNetwork;
  let admin: TestUser, ann: TestUser, bo: TestUser;
  let receiver: WebhookReceiver | undefined;

  beforeAll(async () => {
    network = await startInProcess({ extra: { gateway: { EMAIL_VERIFICATION: 'off' } } });
    [admin, ann, bo] = (await Promise.all(['adm', 'ann', 'bo'].map((name) => signUpTestUser(network, name)))) as [
      TestUser,
      TestUser,
      TestUser,
    ];
    await setRole(network, admin.username, 'ADMIN');
    await admin.client.signIn(admin.email, admin.password);
  }, 60_000);
  afterAll(async () => {
    await receiver?.stop();
    await network?.stop();
  });

  async function newAccount(scopes: string): Promise<{ id: string; key: string }> {
    const { createServiceAccount } = await admin.client.request<{
      createServiceAccount: { key: string; account: { id: string } };
    }>(
      `mutation { createServiceAccount(input: { name: "Shop", scopes: [${scopes}], reason: "It sells." }) { key account { id } } }`,
    );
    return { id: createServiceAccount.account.id, key: createServiceAccount.key };
  }

  /** A request of the other back end. */
  async function ask<T = Record<string, unknown>>(key: string, method: string, path: string, body?: object) {
    const response = await fetch(`${network.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : null) as T };
  }

  const linesOf = async (key: string, id: string): Promise<Line[]> =>
    (await ask<{ items: Line[] }>(key, 'GET', `/webhooks/${id}/deliveries`)).body.items;

  it('notifies the receiver of the docs of what happens, and does so again', async () => {
    const { key } = await newAccount('WEBHOOKS_MANAGE');
    const port = await freePort();
    const made = await ask<{ webhook: { id: string }; secret: string }>(key, 'POST', '/webhooks', {
      url: `http://127.0.0.1:${port}/`,
      events: ['LIKED', 'POST_PUBLISHED'],
    });
    expect([made.status, made.headers.get('location')]).toEqual([201, `/api/v1/webhooks/${made.body.webhook.id}`]);
    const { id } = made.body.webhook;
    receiver = startWebhookReceiver(made.body.secret, port);
    const post = await postPhoto(ann, 'Hello');
    await like(bo.client, post);
    await eventually(() => {
      expect(receiver!.output()).toContain(`post_published {"postId":"${post}","authorId":"${ann.id}"`);
      expect(receiver!.output()).toMatch(new RegExp(` liked {.*"likerId":"${bo.id}"`));
    });
    await eventually(async () =>
      expect((await linesOf(key, id)).map(({ event, state, lastStatus }) => [event, state, lastStatus])).toEqual([
        ['LIKED', 'DELIVERED', 204],
        ['POST_PUBLISHED', 'DELIVERED', 204],
      ]),
    );
    const [line] = await linesOf(key, id);
    expect((await ask(key, 'POST', `/webhooks/${id}/replay`, { deliveryId: line!.id })).body).toMatchObject({
      count: 1,
    });
    await eventually(() => expect(receiver!.output().match(/ liked /g)).toHaveLength(2));
    expect((await ask(key, 'GET', '/webhooks')).body).toMatchObject({ items: [{ id, state: 'ACTIVE' }] });
    expect((await ask(key, 'PUT', `/webhooks/${id}/stop`)).body).toMatchObject({ stopReason: 'BY_HAND' });
    expect((await ask(key, 'DELETE', `/webhooks/${id}/stop`)).body).toMatchObject({
      state: 'ACTIVE',
      stopReason: null,
    });
    expect((await ask(key, 'PATCH', `/webhooks/${id}`, { events: ['UNLIKED'] })).body).toMatchObject({
      events: ['UNLIKED'],
    });
    expect((await ask(key, 'POST', `/webhooks/${id}/secret`)).body).toMatchObject({
      secret: expect.stringMatching(/^whsec_/) as string,
    });
    expect((await ask(key, 'DELETE', `/webhooks/${id}`)).status).toBe(204);
    expect((await ask(key, 'GET', `/webhooks/${id}`)).status).toBe(404);
  });

  it('is a matter of the scope, of the own account, and of administrators', async () => {
    const [own, other, reader] = [
      await newAccount('WEBHOOKS_MANAGE'),
      await newAccount('WEBHOOKS_MANAGE'),
      await newAccount('POSTS_READ'),
    ];
    const input = { url: 'https://receiver.example.com/', events: ['LIKED'] };
    const { body } = await ask<{ webhook: { id: string } }>(own.key, 'POST', '/webhooks', input);
    const path = `/webhooks/${body.webhook.id}`;
    expect((await ask(reader.key, 'POST', '/webhooks', input)).body).toMatchObject({
      status: 403,
      reason: 'SCOPE_MISSING',
    });
    for (const [method, at] of [
      ['GET', path],
      ['GET', `${path}/deliveries`],
      ['DELETE', path],
      ['PUT', `${path}/stop`],
      ['POST', `${path}/secret`],
    ] as const)
      expect((await ask(other.key, method, at)).status).toBe(404);
    expect((await ask(other.key, 'GET', '/webhooks')).body).toEqual({ items: [] });
    const byAdmin = await admin.client.request<{ webhooks: { id: string; url: string }[] }>(
      'query ($accountId: ID!) { webhooks(accountId: $accountId) { id url } }',
      { accountId: own.id },
    );
    expect(byAdmin.webhooks).toEqual([{ id: body.webhook.id, url: input.url }]);
    const make = (accountId: string | undefined, reason: string | undefined) =>
      admin.client.answer(
        `mutation ($accountId: ID, $reason: String) {
          createWebhook(input: { accountId: $accountId, url: "https://a.example.com/", events: [LIKED], reason: $reason }) { secret }
        }`,
        { accountId, reason },
      );
    for (const [answer, code, field] of [
      [await make(undefined, 'why'), 'BAD_USER_INPUT', 'accountId'],
      [await make(own.id, undefined), 'BAD_USER_INPUT', 'reason'],
      [await make(reader.id, 'why'), 'FORBIDDEN', undefined],
    ] as const)
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code, ...(field && { path: ['input', field] }) });
    await expect(
      bo.client.request('query ($id: ID!) { webhook(id: $id) { id } }', { id: body.webhook.id }),
    ).rejects.toThrow('FORBIDDEN');
  });

  it('ends with its account, also for a key that a gateway still remembers', async () => {
    const { id, key } = await newAccount('WEBHOOKS_MANAGE');
    const input = { url: 'https://receiver.example.com/', events: ['LIKED'] };
    expect((await ask(key, 'POST', '/webhooks', input)).status).toBe(201);
    await admin.client.request(
      `mutation ($accountId: ID!) { closeServiceAccount(input: { accountId: $accountId, reason: "over" }) { id } }`,
      { accountId: id },
    );
    // Refused by the gateway or by the owner; what slipped in between is gone when the event has come.
    await eventually(async () => expect([401, 404]).toContain((await ask(key, 'POST', '/webhooks', input)).status));
    await eventually(async () => expect(await rowsOf(id)).toBe(0));
  });

  async function rowsOf(accountId: string): Promise<number> {
    const db = new Database({ url: network.databases.notification!, max: 1 });
    try {
      const rows = await db.query('select from webhook where account_id = $1 and deleted_at is null', [
        accountId.replace('service-account_', ''),
      ]);
      return rows.length;
    } finally {
      await db.close();
    }
  }
});
