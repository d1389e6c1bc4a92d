import { pino } from 'pino';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventually, startNats, type TestNats } from '@fowergram/testing';
import { connectNats } from '../src/connection.js';
import { ViolationLog } from '../src/violation-log.service.js';

const MINUTE_MS = 60_000;

describe('The log of a service', () => {
  let nats: TestNats;
  let media: NatsConnection;
  let lines: { operation: string; subject: string; msg: string }[];
  const now = performance.now.bind(performance);
  const setNow = (value: () => number) => Object.defineProperty(performance, 'now', { value, configurable: true });

  beforeAll(async () => {
    nats = await startNats();
  });
  beforeEach(async () => {
    media = await connectNats(nats.urlOf('media'), 'media');
    lines = [];
    const write = (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]);
    new ViolationLog(media, pino({}, { write }));
  });
  afterEach(async () => {
    setNow(now);
    await media.close();
  });
  afterAll(() => nats?.stop());

  /** The server answers in order: what it forbids has been said when this returns. */
  const publish = async (subject: string, times = 1) => {
    for (let count = 0; count < times; count++) media.publish(subject);
    await media.flush();
  };
  const subjects = () => lines.map(({ operation, subject }) => `${operation} ${subject}`);

  it('says what NATS forbids to it, once a minute for each subject', async () => {
    await publish('rpc.user.profile.update', 50);
    await publish('evt.user.followed', 50);
    await eventually(() =>
      expect(subjects()).toEqual(['publish rpc.user.profile.update', 'publish evt.user.followed']),
    );
    expect(lines[0]).toMatchObject({
      level: 50,
      msg: 'NATS forbids this: the permissions of this service are older than its code',
    });
    setNow(() => now() + MINUTE_MS + 1_000);
    await publish('rpc.user.profile.update', 50);
    await eventually(() => expect(subjects()).toHaveLength(3));
    expect(subjects()[2]).toBe('publish rpc.user.profile.update');
  });

  it('names the user of an inbox once, however many inboxes are guessed', async () => {
    for (let guess = 0; guess < 50; guess++) await publish(`_INBOX.gateway.${guess}`);
    await publish('rpc.user.profile.update');
    await eventually(() => expect(subjects()).toContain('publish rpc.user.profile.update'));
    expect(subjects()).toEqual(['publish _INBOX.gateway.0', 'publish rpc.user.profile.update']);
  });
});
