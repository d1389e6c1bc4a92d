import { accountKeyRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { openWorld, type World } from '../world.js';

describe('the key of a mutation whose effect is elsewhere', () => {
  let world: World;
  let userId: string;

  beforeAll(async () => {
    world = await openWorld();
    userId = (await world.user()).id;
  });
  afterAll(() => world?.close());

  const claim = (key: string, requestHash = 'a') => world.call(accountKeyRpc.claim, { userId, key, requestHash });
  const complete = (key: string, answer: { value: unknown } | null) =>
    world.call(accountKeyRpc.complete, { userId, key, answer });
  const newKey = () => `${userId}:${newId()}:changePassword`;
  const reused = { code: 'BAD_USER_INPUT', details: { reason: 'IDEMPOTENCY_KEY_REUSED' } };
  const inFlight = { code: 'CONFLICT', details: { reason: 'IDEMPOTENCY_KEY_IN_FLIGHT', retryAfterSeconds: 1 } };

  it('is claimed by one of many requests, and answers all others when that is completed', async () => {
    const key = newKey();
    const claims = await Promise.allSettled(Array.from({ length: 10 }, () => claim(key)));
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = claims.filter((each) => each.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject(inFlight);
    await complete(key, { value: ['a', false, null] });
    expect(await claim(key)).toEqual({ answer: { value: ['a', false, null] } });
    await complete(key, null);
    expect(await claim(key)).toEqual({ answer: { value: ['a', false, null] } });
  });

  it('is refused to another request, under way or answered', async () => {
    const key = newKey();
    await claim(key);
    await expect(claim(key, 'b')).rejects.toMatchObject(reused);
    await complete(key, { value: 1 });
    await expect(claim(key, 'b')).rejects.toMatchObject(reused);
  });

  it('is free again when the request has failed, and for the same request when its gateway has died', async () => {
    const [failed, left] = [newKey(), newKey()];
    await claim(failed);
    await complete(failed, null);
    expect(await claim(failed, 'b')).toEqual({ answer: null });
    await claim(left);
    await expect(claim(left)).rejects.toMatchObject(inFlight);
    const pass = `update idempotency_key set claimed_until = claimed_until - interval '1 minute' where key = $1`;
    await world.db.query(pass, [left]);
    await expect(claim(left, 'b')).rejects.toMatchObject(reused);
    expect(await claim(left)).toEqual({ answer: null });
    await expect(claim(left)).rejects.toMatchObject(inFlight);
  });

  it('is not stored of a user who has been erased', async () => {
    const [key, erased] = [newKey(), newId()];
    await world.db.query('insert into erasure (id, user_id) values ($1, $2)', [newId(), erased]);
    await expect(world.call(accountKeyRpc.claim, { userId: erased, key, requestHash: 'a' })).rejects.toMatchObject(
      inFlight,
    );
    expect(await world.db.query('select from idempotency_key where key = $1', [key])).toEqual([]);
  });
});
