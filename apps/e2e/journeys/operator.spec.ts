import { readdirSync, readFileSync } from 'node:fs';
import { Database, newId } from '@fowergram/database';
import { connectNats } from '@fowergram/messaging';
import { eventually } from '@fowergram/testing';
import { EXIT, run } from '../../../tools/admin/src/run.js';
import { commandsOf } from '../src/runbooks.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';

/** The id of a user as the database has it. */
const rowId = ({ id }: TestUser): string => id.replace(/^user_/, '');

const LETTER = 'notification-post-liked';

describe('the command fowergram', () => {
  let network: InProcessNetwork;
  let ann: TestUser;
  let bo: TestUser;
  let cy: TestUser;
  const databases: Record<string, Database> = {};

  beforeAll(async () => {
    network = await startInProcess();
    for (const [name, url] of Object.entries(network.databases)) databases[name] = new Database({ url, max: 1 });
    [ann, bo, cy] = await Promise.all([
      signUpTestUser(network, 'ann'),
      signUpTestUser(network, 'bo'),
      signUpTestUser(network, 'cy'),
    ]);
  }, 120_000);

  afterAll(async () => {
    await Promise.all(Object.values(databases).map((db) => db.close()));
    await network?.stop();
  }, 60_000);

  /** Types a command; answers its status and what it said. */
  async function type(line: string, env: NodeJS.ProcessEnv = {}): Promise<{ status: number; said: string }> {
    const said: string[] = [];
    const say = { out: (text: string) => said.push(text), error: (text: string) => said.push(text) };
    const words = line.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ''));
    const surroundings = {
      OPERATOR_NATS_URL: network.natsUrlOf('operator'),
      SUPERTOKENS_CONNECTION_URI: process.env.TEST_SUPERTOKENS_CONNECTION_URI,
      SUPERTOKENS_API_KEY: process.env.TEST_SUPERTOKENS_API_KEY,
      ...env,
    };
    return { status: await run(words, surroundings, say), said: said.join('\n') };
  }

  async function json<T>(line: string): Promise<T> {
    const { status, said } = await type(`${line} --json`);
    expect([status, said]).toEqual([EXIT.done, expect.any(String)]);
    return JSON.parse(said) as T;
  }

  const actions = async (command: string) =>
    (await json<{ command: string; operator: string; outcome: string; subject: string }[]>('actions')).filter(
      (action) => action.command === command,
    );
  const me = (user: TestUser) => user.client.request(`{ me { id } }`);

  it('shows what waits in every service, in the streams and at the consumers', async () => {
    const state = await json<{ services: object; streams: { stream: string }[] }>('state');
    expect(state.services).toMatchObject({
      user: { outbox: { waiting: expect.any(Number) as number }, openErasures: 0 },
      post: { queues: [{ name: 'fan-out', failed: 0 }] },
      media: { queues: [{ name: 'process-picture' }] },
      notification: { waitingMails: expect.any(Number) as number },
    });
    expect(state.streams.map(({ stream }) => stream)).toEqual(['EVENTS', 'DEAD_LETTERS']);
    expect((await type('state')).said).toMatch(/^service +outbox/);
  });

  it('acts only where it is asked to, and says by whom, and puts on record what it did', async () => {
    const ban = `account ban ${bo.username} --reason "sells followers"`;
    expect(await type(ban)).toEqual({
      status: EXIT.done,
      said: expect.stringMatching(/^would ban .*Nothing/s) as string,
    });
    expect(await type(`${ban} --yes`)).toMatchObject({ status: EXIT.usage });
    expect(await actions('account ban')).toEqual([]);
    await me(bo);
    expect(await type(`${ban} --yes --by carol`)).toMatchObject({ status: EXIT.done });
    await eventually(() => expect(me(bo)).rejects.toThrow());
    expect(await actions('account ban')).toMatchObject([{ operator: 'carol', outcome: 'DONE', subject: rowId(bo) }]);
    const rows = await databases.user!.query('select action, reason from account_action where user_id = $1', [
      rowId(bo),
    ]);
    expect(rows).toEqual([{ action: 'BAN', reason: 'sells followers (operator carol)' }]);
    expect(await type(`account reinstate ${bo.id} --reason "an error" --yes --by carol`)).toMatchObject({
      status: EXIT.done,
    });
    expect((await type(`account show ${bo.username}`)).said).toMatch(/status +ACTIVE/);
  });

  it('puts on record what a service refuses, and answers so', async () => {
    const nothing = newId();
    for (const line of [`media process ${nothing}`, `mail send ${nothing}`]) {
      expect(await type(`${line} --yes --by carol`)).toMatchObject({
        status: EXIT.refused,
        said: expect.stringMatching(/^NOT_FOUND/) as string,
      });
      const [action] = await actions(line.replace(` ${nothing}`, ''));
      expect(action).toMatchObject({ outcome: 'FAILED', subject: nothing });
    }
  });

  it('has an event published again that was given up, once, and lists it no more', async () => {
    const eventId = await forgottenLike();
    await giveUp(eventId);
    const [letter] = await json<{ number: number; reason: string; consumer: string }[]>('dead-letters list');
    expect(letter).toMatchObject({ consumer: LETTER, reason: 'INTERNAL: no such table', eventId });
    const replay = `dead-letters replay ${letter!.number}`;
    expect((await type(replay)).said).toMatch(/^would have post publish/);
    expect(await likesNotified()).toBe(0);
    expect(await type(`${replay} --yes --by carol`)).toMatchObject({ status: EXIT.done });
    await eventually(async () => expect(await likesNotified()).toBe(1));
    expect(await json('dead-letters list')).toEqual([]);
    expect(await type(`${replay} --yes --by carol`)).toMatchObject({
      status: EXIT.usage,
      said: expect.stringMatching(/replayed by carol/) as string,
    });
    expect((await type('dead-letters list --all')).said).toMatch(/replayed by carol/);
  });

  it('finds what the stream has lost, publishes it again, and then finds nothing', async () => {
    await cy.client.request(`mutation ($userId: ID!) { followUser(userId: $userId) { following } }`, {
      userId: ann.id,
    });
    const follows = () => databases.notification!.query(`select from notification where kind = 'FOLLOW'`);
    await eventually(async () => expect(await follows()).toHaveLength(1));
    await databases.notification!.query(`delete from notification where kind = 'FOLLOW'`);
    await databases.user!.query(
      `update outbox set id = $1, published_at = now() - interval '1 hour' where subject = 'evt.user.followed'`,
      [newId()],
    );
    expect((await type('reconcile')).said).toMatch(/^would publish again \d+ events from/);
    expect(await type('reconcile --yes --by carol')).toMatchObject({ status: EXIT.done });
    await eventually(async () => expect(await follows()).toHaveLength(1));
    await eventually(async () => expect((await type('reconcile')).said).toMatch(/^would change nothing/));
  });

  it('counts again what is stored as counters, and mends what differs', async () => {
    await databases.user!.query('update follow_count set follower_count = follower_count + 7 where user_id = $1', [
      rowId(ann),
    ]);
    const drifted = async () =>
      (await json<{ counter: string; drift: number }[]>('counters audit')).filter(({ drift }) => drift !== 0);
    expect(await drifted()).toMatchObject([{ counter: 'follow_count.follower_count', drift: 7 }]);
    expect((await type('counters mend')).said).toMatch(/^would mend 1 of follow_count.follower_count/);
    expect(await drifted()).toHaveLength(1);
    expect(await type('counters mend --yes --by carol')).toMatchObject({ status: EXIT.done });
    expect(await drifted()).toEqual([]);
  });

  it('is what the runbooks and guides say: each of their commands would do something', async () => {
    await giveUp(newId());
    const [letter] = await json<{ number: number }[]>('dead-letters list');
    const values: Record<string, string> = {
      number: String(letter!.number),
      text: 'because',
      time: '2100-01-01',
      id: cy.id,
    };
    const books = readdirSync('docs/runbooks').map((name) => `docs/runbooks/${name}`);
    const lines = ['docs/on-call.md', 'docs/backup.md', ...books]
      .flatMap((book) => commandsOf(readFileSync(book, 'utf8')))
      .filter((line) => line.startsWith('fowergram '));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of new Set(lines)) {
      const filled = line
        .replace('fowergram ', '')
        .replace(/<(\w+)>/g, (_, name: string) => values[name] ?? (name === 'since' ? '2026-12-01' : cy.username));
      expect([line, await type(filled)]).toEqual([line, { status: EXIT.done, said: expect.any(String) as string }]);
    }
    expect(await type(`dead-letters drop ${letter!.number} --reason "of a test" --yes --by carol`)).toMatchObject({
      status: EXIT.done,
    });
  });

  it('drops a dead letter only with a reason', async () => {
    await giveUp(newId());
    const [letter] = await json<{ number: number }[]>('dead-letters list');
    const drop = `dead-letters drop ${letter!.number}`;
    expect(await type(`${drop} --yes --by carol`)).toMatchObject({ status: EXIT.usage });
    expect(await type(`${drop} --reason "its post is gone" --yes --by carol`)).toMatchObject({ status: EXIT.done });
    expect(await json('dead-letters list')).toEqual([]);
  });

  it('makes a cached feed anew', async () => {
    const feed = `{ homeFeed { edges { node { id } } } }`;
    await ann.client.request(feed);
    expect(await type(`feed rebuild ${ann.username} --yes --by carol`)).toMatchObject({ status: EXIT.done });
    await ann.client.request(feed);
  });

  it('ends all sessions of an account', async () => {
    await me(ann);
    expect((await type(`sessions revoke ${ann.username} --yes --by carol`)).said).toMatch(
      /^done: end the \d+ sessions/,
    );
    await eventually(() => expect(me(ann)).rejects.toThrow());
  });

  it.each([
    ['nothing that there is', 'fly', EXIT.usage, {}],
    ['too few words', 'dead-letters show', EXIT.usage, {}],
    ['an option of another command', 'state --reason x', EXIT.usage, {}],
    ['no address of NATS', 'state', EXIT.config, { OPERATOR_NATS_URL: undefined }],
    ['a NATS that is away', 'state', EXIT.unavailable, { OPERATOR_NATS_URL: 'nats://operator:x@127.0.0.1:1' }],
  ])('refuses %s', async (_, line, status, env) => {
    expect(await type(line, env)).toMatchObject({ status });
  });

  it('tells of every command by --help', async () => {
    const { status, said } = await type('--help');
    expect(status).toBe(EXIT.done);
    expect(said).toMatch(/dead-letters replay <number>/);
    expect(await type('dead-letters replay --help')).toMatchObject({ status: EXIT.done });
  });

  const likesNotified = async (): Promise<number> =>
    (await databases.notification!.query(`select from notification where kind = 'LIKE'`)).length;

  /** A like whose event the outbox has, under another id than the broker knows, and of which nobody was notified. */
  async function forgottenLike(): Promise<string> {
    const postId = await postPhoto(ann, 'Hello');
    await cy.client.request(`mutation ($postId: ID!) { likePost(postId: $postId) { likeCount } }`, { postId });
    await eventually(async () => expect(await likesNotified()).toBe(1));
    await databases.notification!.query(`delete from notification where kind = 'LIKE'`);
    const eventId = newId();
    const changed = await databases.post!.query(
      `update outbox set id = $1, published_at = now() - interval '1 hour' where subject = 'evt.post.liked' returning 1 as one`,
      [eventId],
    );
    expect(changed).toHaveLength(1);
    return eventId;
  }

  /** What messaging does with an event that fails five times. */
  async function giveUp(eventId: string): Promise<void> {
    const nats = await connectNats(network.natsUrlOf('tester'), 'tester');
    const { headers } = await import('@nats-io/transport-node');
    const about = headers();
    about.set('x-event-id', eventId);
    about.set('x-dead-reason', 'INTERNAL: no such table');
    await nats.request(`dead.${LETTER}`, '{}', { headers: about, timeout: 5_000 });
    await nats.close();
  }
});
