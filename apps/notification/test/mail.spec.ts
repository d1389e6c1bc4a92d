import { randomBytes } from 'node:crypto';
import { type MailContent, mailRpc } from '@fowergram/contracts-notification';
import { newId } from '@fowergram/database';
import { askOperators, eventually, startMailServer, TcpProxy } from '@fowergram/testing';
import { MailsRepository } from '../src/mail/mails.repository.js';
import { everyMail, mailOf } from './sample-mails.js';
import { openWorld, type World } from './world.js';

interface MailRow {
  recipient: string | null;
  content: object | null;
  outcome: string | null;
  tries: number;
  due_at: Date | null;
}

const database = new TcpProxy();
let world: World;
beforeAll(async () => void (world = await openWorld({ databaseUrl: (real) => database.to(real) })));
afterAll(async () => {
  await world?.close();
  await database.cut();
});

const somebody = (): string => `ann.${randomBytes(5).toString('hex')}@example.com`;
const send = (to: string, content: MailContent = mailOf('password-changed'), id = newId()) =>
  world.call(mailRpc.send, { id, to, content }).then(() => id);
const rowOf = async (id: string): Promise<MailRow> =>
  (
    await world.db.query<MailRow>('select recipient, content, outcome, tries, due_at from mail where id = $1', [id])
  )[0]!;
const ended = (id: string, outcome: string) => eventually(async () => (await rowOf(id)).outcome === outcome);
const received = (address: string) => world.mails.mails().filter(({ to }) => to === address);

describe('A mail', () => {
  it.each(everyMail.map((content) => [content.template, content] as const))(
    'arrives: %s',
    async (template, content) => {
      const to = somebody();
      const id = await send(to, content);
      const mail = await world.mails.mailTo(to);
      expect(mail).toMatchObject({ from: 'hello@fowergram.test', messageId: `<${id}@fowergram.test>` });
      expect(mail.headers).toMatchObject({ 'auto-submitted': 'auto-generated', to });
      expect(mail.subject).toContain('Fowergram');
      if ('link' in content.values) {
        expect(mail.links).toEqual([content.values.link]);
        expect(mail.html).toContain(content.values.link.replace('&', '&amp;'));
      } else expect(mail.text).toContain(content.values.receipt);
      await ended(id, 'SENT');
      expect((await askOperators(world.app, '/metrics')).body).toMatch(
        new RegExp(`mails_sent_total{.*template="${template}",outcome="sent"`),
      );
    },
  );

  it('leaves no address and no secret behind', async () => {
    const to = somebody();
    const id = await send(to, mailOf('sign-in-code'));
    await ended(id, 'SENT');
    expect(await rowOf(id)).toEqual({ recipient: null, content: null, outcome: 'SENT', tries: 1, due_at: null });
  });

  it('is one mail however often it is sent with the same id', async () => {
    const [to, id] = [somebody(), newId()];
    await Promise.all(Array.from({ length: 5 }, () => send(to, undefined, id)));
    await ended(id, 'SENT');
    await send(to, undefined, id);
    const other = await send(somebody());
    await ended(other, 'SENT');
    expect(received(to)).toHaveLength(1);
  });

  it('is BAD_USER_INPUT and not stored when its address or link is none', async () => {
    const bad = [
      'ann',
      'ann@example.com\r\nBcc: eve@example.com',
      'a@b.example, eve@example.com',
      '<ann@example.com>',
      `${'a'.repeat(320)}@example.com`,
    ];
    for (const to of bad)
      await expect(send(to)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['to'] } });
    for (const link of ['javascript:alert(1)', 'nowhere', 'ftp://example.com']) {
      await expect(send(somebody(), { template: 'verify-email', values: { link } })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    }
  });
});

describe('A mail that the server does not take', () => {
  it('is sent later when the server is busy', async () => {
    const to = somebody();
    world.mails.refuseWith(451, to);
    const id = await send(to);
    await eventually(async () => (await rowOf(id)).tries >= 2);
    expect((await rowOf(id)).outcome).toBeNull();
    world.mails.refuseWith(undefined, to);
    await ended(id, 'SENT');
    expect(received(to)).toHaveLength(1);
  });

  it('is given up at once and cleared when the server refuses it for good', async () => {
    const to = somebody();
    world.mails.refuseWith(550, to);
    const id = await send(to);
    await ended(id, 'REFUSED');
    world.mails.refuseWith(undefined, to);
    expect(await rowOf(id)).toEqual({ recipient: null, content: null, outcome: 'REFUSED', tries: 1, due_at: null });
    expect(world.mails.attemptsTo(to)).toBe(1);
  });

  it('waits while the server refuses the sender or wants another password', async () => {
    const to = somebody();
    world.mails.refuseWith(530, to);
    const id = await send(to);
    await eventually(async () => (await rowOf(id)).tries >= 2);
    world.mails.refuseWith(undefined, to);
    await ended(id, 'SENT');
  });

  it('is sent when the server is back', async () => {
    const { port } = world.mails;
    await world.mails.stop();
    const [to, other] = [somebody(), somebody()];
    const ids = [await send(to), await send(other)];
    await eventually(async () => (await rowOf(ids[0]!)).tries >= 1 && (await rowOf(ids[1]!)).tries >= 1);
    world.mails = await startMailServer({ port });
    for (const id of ids) await ended(id, 'SENT');
    expect([received(to).length, received(other).length]).toEqual([1, 1]);
  });

  it('is tried again when the server never answers, and holds up no other mail', async () => {
    const silent = Array.from({ length: 8 }, somebody);
    for (const address of silent) world.mails.stall(address);
    const ids = await Promise.all(silent.map((address) => send(address)));
    await eventually(() => silent.every((address) => world.mails.attemptsTo(address) >= 1));
    const to = somebody();
    await send(to);
    await world.mails.mailTo(to);
    await eventually(() => silent.every((address) => world.mails.attemptsTo(address) >= 2));
    world.mails.release();
    for (const id of ids) await ended(id, 'SENT');
  });
});

describe('A mail that a process has left', () => {
  it('is sent by the next process when this one is stopped in the middle', async () => {
    const to = somebody();
    world.mails.stall(to);
    const id = await send(to);
    await eventually(() => world.mails.attemptsTo(to) === 1);
    await world.stopApp();
    expect((await rowOf(id)).outcome).toBeNull();
    world.mails.release();
    await world.startApp();
    await ended(id, 'SENT');
    expect(received(to).at(-1)!.messageId).toBe(`<${id}@fowergram.test>`);
  });

  it('is due again when the lease of a killed process is over', async () => {
    const to = somebody();
    await world.stopApp();
    const id = newId();
    // A process that is killed between taking a mail and sending it leaves exactly this: the claim of its last statement.
    const repository = new MailsRepository(world.db);
    await repository.insert(id, to, mailOf('verify-email'), 60_000);
    expect(await repository.claim(10)).toMatchObject([{ id, tries: 1 }]);
    expect(await repository.claim(10)).toEqual([]);
    await world.startApp();
    await send(somebody()).then((other) => ended(other, 'SENT'));
    expect(received(to)).toEqual([]);
    await world.db.query("update mail set due_at = due_at - interval '60 seconds' where id = $1", [id]);
    await ended(id, 'SENT');
    expect(received(to)).toHaveLength(1);
  });

  it('is sent again under the same Message-ID when the process could not store that it was sent', async () => {
    const to = somebody();
    world.mails.stall(to);
    const id = await send(to);
    await eventually(() => world.mails.attemptsTo(to) === 1);
    await database.cut();
    world.mails.release();
    await eventually(() => received(to).length === 1);
    expect((await rowOf(id)).outcome).toBeNull();
    await database.restore();
    await world.db.query('update mail set due_at = now() where id = $1', [id]);
    await ended(id, 'SENT');
    expect(received(to).map(({ messageId }) => messageId)).toEqual([
      `<${id}@fowergram.test>`,
      `<${id}@fowergram.test>`,
    ]);
  });

  it('is sent once when two processes run', async () => {
    const stop = await world.startReplica();
    const addresses = Array.from({ length: 60 }, somebody);
    const ids = await Promise.all(addresses.map((address) => send(address)));
    for (const id of ids) await ended(id, 'SENT');
    await stop();
    expect(addresses.map((address) => received(address).length)).toEqual(addresses.map(() => 1));
  });
});

describe('The lifetime of a mail', () => {
  it('ends with that of its code or link: it is not sent any more', async () => {
    const dying = ['sign-in-code', 'reset-password', 'verify-email'] as const;
    for (const template of dying) {
      const to = somebody();
      world.mails.refuseWith(451, to);
      const id = await send(to, mailOf(template));
      await eventually(() => world.mails.attemptsTo(to) >= 1);
      const lifetime = { 'sign-in-code': '15 minutes', 'reset-password': '1 hour', 'verify-email': '1 day' }[template];
      expect(
        await world.db.query('select 1 from mail where id = $1 and useful_until = created_at + $2::interval', [
          id,
          lifetime,
        ]),
      ).toHaveLength(1);
      await world.db.query('update mail set useful_until = now(), due_at = least(due_at, now()) where id = $1', [id]);
      await ended(id, 'EXPIRED');
      world.mails.refuseWith(undefined, to);
      expect(await rowOf(id)).toMatchObject({ recipient: null, content: null });
      expect(received(to)).toEqual([]);
    }
  });

  it('ends without one more try, also when others are sent before the next poll', async () => {
    const to = somebody();
    world.mails.refuseWith(451, to);
    const id = await send(to);
    // Only when it is nobody's for the moment.
    const die =
      "update mail set useful_until = now(), due_at = now() where id = $1 and tries > 0 and due_at < now() + interval '30 seconds' returning id";
    await eventually(async () => (await world.db.query(die, [id])).length === 1);
    const tries = world.mails.attemptsTo(to);
    await ended(await send(somebody()), 'SENT');
    await ended(id, 'EXPIRED');
    expect(world.mails.attemptsTo(to)).toBe(tries);
    world.mails.refuseWith(undefined, to);
  });

  it('leaves a mail to whoever has taken it while this process stood still', async () => {
    const to = somebody();
    world.mails.refuseWith(451, to);
    const id = await send(to);
    const take =
      "update mail set tries = 5, due_at = now() + interval '50 seconds' where id = $1 and tries > 0 and due_at < now() + interval '30 seconds' returning id";
    await eventually(async () => (await world.db.query(take, [id])).length === 1);
    const taken = await rowOf(id);
    await world.app
      .get(MailsRepository, { strict: false })
      .postpone({ id, recipient: to, content: mailOf('password-changed'), tries: 4 }, 0);
    expect(await rowOf(id)).toEqual(taken);
    world.mails.refuseWith(undefined, to);
  });

  it('makes a mail due at its end at the latest, so that nothing waits beyond it', async () => {
    const to = somebody();
    world.mails.refuseWith(451, to);
    const id = await send(to);
    await eventually(async () => (await rowOf(id)).tries >= 1);
    await world.db.query(
      "update mail set tries = 12, useful_until = now() + interval '3 seconds', due_at = now() where id = $1",
      [id],
    );
    await ended(id, 'EXPIRED');
    world.mails.refuseWith(undefined, to);
  });

  it('shows in the age of the oldest unsent mail', async () => {
    const to = somebody();
    world.mails.refuseWith(451, to);
    const id = await send(to);
    await world.db.query("update mail set created_at = now() - interval '100 seconds' where id = $1", [id]);
    const oldest = async () =>
      Number(/mail_oldest_unsent_seconds{.*} ([\d.e+]+)/.exec((await askOperators(world.app, '/metrics')).body)?.[1]);
    await eventually(async () => (await oldest()) >= 100);
    world.mails.refuseWith(undefined, to);
    await ended(id, 'SENT');
    await eventually(async () => (await oldest()) < 100);
  });

  it('ends 30 days after a mail was sent, and not while it waits', async () => {
    const to = somebody();
    world.mails.refuseWith(451, to);
    const [old, recent, waiting] = [await send(somebody()), await send(somebody()), await send(to)];
    for (const id of [old, recent]) await ended(id, 'SENT');
    await world.db.query("update mail set created_at = now() - interval '31 days' where id = any($1)", [
      [old, waiting],
    ]);
    await world.app.get(MailsRepository, { strict: false }).purge();
    expect(await rowOf(old)).toBeUndefined();
    expect(await rowOf(recent)).toBeDefined();
    expect(await rowOf(waiting)).toBeDefined();
    world.mails.refuseWith(undefined, to);
  });

  it('ends for all old mails, however many there are', async () => {
    await world.db.query(`
      insert into mail (id, template, useful_until, created_at, outcome, ended_at)
      select gen_random_uuid(), 'verify-email', now(), now() - interval '31 days', 'SENT', now() - interval '31 days' from generate_series(1, 2500)`);
    await world.app.get(MailsRepository, { strict: false }).purge();
    expect(
      await world.db.query(`select from mail where created_at < now() - interval '30 days' and outcome is not null`),
    ).toEqual([]);
  });
});
