import { randomBytes } from 'node:crypto';
import {
  hashOfServiceKey,
  type ServiceCaller,
  serviceAccountRpc,
  type ServiceScope,
  userEvent,
} from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { limits } from '../../src/limits/limits.config.js';
import { RateLimitsService } from '../../src/limits/rate-limits.service.js';
import { routes } from '../../src/rest/routes/routes.js';
import { LimitsClock } from '../../src/limits/limits-clock.service.js';
import { freezeTime } from '../support/frozen-time.js';
import { rest } from '../support/rest.js';
import { aProfile } from '../support/models.js';
import { anAddress, type World } from '../support/world.js';

/** What service accounts may do over REST, tested on a world that is there. */
export function testServiceKeys(worldOf: () => World): void {
  const callers = new Map<string, ServiceCaller>();
  const userId = newId();

  beforeAll(async () => {
    await worldOf().answer(serviceAccountRpc.verify, ({ keyHash }) => ({ caller: callers.get(keyHash) ?? null }));
    worldOf().profiles.set(userId, aProfile({ id: userId }));
    freezeTime(worldOf());
  });
  // The clock is as it was.
  afterAll(() => void Reflect.deleteProperty(worldOf().app.get(LimitsClock), 'now'));

  function keyWith(scopes: ServiceScope[]): string {
    const key = `fgk_${randomBytes(32).toString('base64url')}`;
    callers.set(hashOfServiceKey(key), { id: newId(), scopes });
    return key;
  }
  const ask = (key: string, method: string, path: string, headers: Record<string, string> = {}) =>
    rest(worldOf(), method, path, { headers: { authorization: `Bearer ${key}`, ...headers } });
  const verified = () => worldOf().callsOf(serviceAccountRpc.verify).length;

  it('reads what everybody sees where its scopes allow it, and nothing else', async () => {
    const allowed = new Map(routes.map((route) => [`${route.method} ${route.path}`, route.scope]));
    expect([...new Set(allowed.values())].sort()).toEqual(['posts:read', 'users:read', 'webhooks:manage', undefined]);
    const [users, posts] = [keyWith(['users:read']), keyWith(['posts:read', 'events:read'])];
    const outcome = async (key: string, method: string, path: string) => {
      const { status, body } = await ask(key, method, path);
      return status === 403 ? body.reason : status;
    };
    expect(await outcome(users, 'GET', `/users/user_${userId}`)).toBe(200);
    expect(await outcome(posts, 'GET', `/users/user_${userId}`)).toBe('SCOPE_MISSING');
    expect(await outcome(users, 'GET', `/posts/post_${newId()}`)).toBe('SCOPE_MISSING');
    expect(await outcome(users, 'GET', `/users/user_${userId}/posts`)).toBe('SCOPE_MISSING');
    for (const { method, path, scope } of routes.filter((route) => route.scope === undefined)) {
      const address = path.replace(/\{\w+\}/g, `user_${userId}`);
      expect([path, scope, await outcome(users, method, address)]).toEqual([path, undefined, 'NOT_FOR_SERVICES']);
    }
  });

  it('is nobody to what it reads: no user, and no moderator', async () => {
    const { body } = await ask(keyWith(['users:read']), 'GET', `/users/user_${userId}`);
    expect(body.relationship).toBeNull();
  });

  it('is not known once it is revoked, at once', async () => {
    const key = keyWith(['users:read']);
    const path = `/users/user_${userId}`;
    expect((await ask(key, 'GET', path)).status).toBe(200);
    worldOf().clearCalls();
    expect((await ask(key, 'GET', path)).status).toBe(200);
    expect(verified()).toBe(0);
    const { id } = callers.get(hashOfServiceKey(key))!;
    callers.delete(hashOfServiceKey(key));
    await worldOf().messaging.publish(userEvent.serviceAccountChanged, {
      accountId: id,
      isClosed: false,
      at: new Date().toISOString(),
    });
    await eventually(async () => {
      const { status, body } = await ask(key, 'GET', path);
      expect([status, body.reason]).toEqual([401, 'SERVICE_KEY_UNKNOWN']);
    });
  });

  it('is sent nowhere where it has another form', async () => {
    worldOf().clearCalls();
    for (const key of ['fgk_', 'fgk_x', `fgk_${'x'.repeat(44)}`, `fgk_${'ä'.repeat(43)}`])
      expect((await ask(encodeURIComponent(key), 'GET', `/users/user_${userId}`)).status).toBe(401);
    expect(verified()).toBe(0);
  });

  it('is not looked for any more where its address has tried too many', async () => {
    const from = anAddress();
    const limited = worldOf().app.get(RateLimitsService);
    for (let count = 0; count < limits.badTokens[0]!.points; count++) limited.admitBadToken(from);
    worldOf().clearCalls();
    const unknown = `fgk_${randomBytes(32).toString('base64url')}`;
    const { status, body } = await ask(unknown, 'GET', `/users/user_${userId}`, { 'x-forwarded-for': from });
    expect([status, body.reason, verified()]).toEqual([429, 'BAD_TOKENS', 0]);
  });

  it('has points of its own, whatever others at its address take', async () => {
    const [one, other] = [keyWith(['users:read']), keyWith(['users:read'])];
    const address = { 'x-forwarded-for': anAddress() };
    const left = async (key: string) =>
      Number(/r=(\d+)/.exec((await ask(key, 'GET', `/users/user_${userId}`, address)).headers.get('ratelimit')!)![1]);
    const first = await left(one);
    expect(await left(one)).toBeLessThan(first);
    expect(await left(other)).toBe(first);
  });

  it('is refused where there are users alone: over GraphQL', async () => {
    const { errors } = await worldOf().gql(
      '{ me { id } }',
      {},
      {
        headers: { authorization: `Bearer ${keyWith(['users:read'])}` },
      },
    );
    expect(errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'NOT_FOR_SERVICES' });
  });
}
