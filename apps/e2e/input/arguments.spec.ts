import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { buildSchema } from 'graphql';
import { Database } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { argumentParts, type ArgumentPart, type GoodValues } from '../src/input/arguments.js';
import { ODD, REFUSED } from '../src/input/hostile-values.js';
import { listCases } from '../src/lists/cases.js';
import { Stage } from '../src/lists/stage.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import type { GraphqlAnswer } from '../src/app-client.js';

const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));
const BATCH_SIZE = 8;
/** What an answer may be besides data. */
const TYPED = new Set(['BAD_USER_INPUT', 'NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'RATE_LIMITED', 'UNAUTHENTICATED']);

/** Values that are refused before or behind their argument is looked at, and why. */
const EXCUSED: Record<string, string> = {
  'Mutation.changeEmail(input.password)': 'A password is wrong whatever stands in it, and a few wrong ones are all.',
  'Mutation.changePassword(input.currentPassword)':
    'A password is wrong whatever stands in it, and a few wrong ones are all.',
  'Mutation.closeServiceAccount(input.accountId)': 'Administrators alone learn what is wrong.',
  'Mutation.closeServiceAccount(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.createServiceAccount(input.name)': 'Administrators alone learn what is wrong.',
  'Mutation.createServiceAccount(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.createServiceAccount(input.scopes)': 'Administrators alone learn what is wrong.',
  'Mutation.createServiceKey(input.accountId)': 'Administrators alone learn what is wrong.',
  'Mutation.createServiceKey(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.resolveReport(input.until)': 'It is looked at beside a report that is there.',
  'Mutation.revokeSession(id)': 'Whatever is no session of the user is over, which is no error.',
  'Mutation.revokeServiceKey(input.keyId)': 'Administrators alone learn what is wrong.',
  'Mutation.revokeServiceKey(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.setUserRole(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.setUserRole(input.userId)': 'Administrators alone learn what is wrong.',
  'Mutation.setVerified(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.setVerified(input.userId)': 'Administrators alone learn what is wrong.',
  'Mutation.createWebhook(input.accountId)': 'Administrators alone learn what is wrong.',
  'Mutation.createWebhook(input.events)': 'Administrators alone learn what is wrong.',
  'Mutation.createWebhook(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.createWebhook(input.url)': 'Administrators alone learn what is wrong.',
  'Mutation.updateWebhook(input.events)': 'Administrators alone learn what is wrong.',
  'Mutation.updateWebhook(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.updateWebhook(input.url)': 'Administrators alone learn what is wrong.',
  'Mutation.updateWebhook(input.webhookId)': 'Administrators alone learn what is wrong.',
  'Mutation.rotateWebhookSecret(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.rotateWebhookSecret(input.webhookId)': 'Administrators alone learn what is wrong.',
  'Mutation.stopWebhook(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.stopWebhook(input.webhookId)': 'Administrators alone learn what is wrong.',
  'Mutation.startWebhook(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.startWebhook(input.webhookId)': 'Administrators alone learn what is wrong.',
  'Mutation.replayWebhook(input.deliveryId)': 'Administrators alone learn what is wrong.',
  'Mutation.replayWebhook(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.replayWebhook(input.webhookId)': 'Administrators alone learn what is wrong.',
  'Mutation.deleteWebhook(input.reason)': 'Administrators alone learn what is wrong.',
  'Mutation.deleteWebhook(input.webhookId)': 'Administrators alone learn what is wrong.',
  'Query.webhook(id)': 'Administrators alone learn what is wrong.',
  'Query.webhooks(accountId)': 'Administrators alone learn what is wrong.',
  'Mutation.replayWebhook(input.since)': 'Administrators alone learn what is wrong.',
  'Webhook.deliveries(after)': 'Administrators alone learn what is wrong.',
  'Webhook.deliveries(first)': 'Administrators alone learn what is wrong.',
  'Query.user(username)': 'Nobody has such a name: the answer is null, as for any name that nobody has.',
};

describe('A value that a client gives to the schema', () => {
  let network: InProcessNetwork;
  let stage: Stage;
  let parts: ArgumentPart[];

  beforeAll(async () => {
    network = await startInProcess({ extra: { gateway: { EMAIL_VERIFICATION: 'off', RATE_LIMIT_FACTOR: '10000' } } });
    stage = await Stage.open(network);
    parts = argumentParts(schema, await goodValues(stage)).filter(({ name }) => !(name in EXCUSED));
  }, 120_000);
  afterAll(async () => {
    await stage?.close();
    await network?.stop();
  });

  /** Sends each of the values to each part of its kind; answers what `problemOf` says of the answers. */
  async function send(
    table: typeof REFUSED,
    problemOf: (part: ArgumentPart, answer: GraphqlAnswer<unknown>) => string | undefined,
  ): Promise<string[]> {
    const cases = parts.flatMap((part) =>
      Object.entries(table[part.kind]).map(([what, value]) => ({ part, what, value })),
    );
    const problems: string[] = [];
    for (let start = 0; start < cases.length; start += BATCH_SIZE)
      await Promise.all(
        cases.slice(start, start + BATCH_SIZE).map(async ({ part, what, value }) => {
          const { query, variables } = part.operation(value);
          const answer = await stage.viewer.client.answer<unknown>(query, variables);
          const problem = problemOf(part, answer);
          if (problem !== undefined) problems.push(`${part.name} is given ${what}: ${problem}`);
        }),
      );
    return problems.sort();
  }

  it('is refused with its path where nothing takes it, and leaves no row behind', async () => {
    const before = await settledRows(network);
    const problems = await send(REFUSED, ({ path }, { errors }) => {
      const { code, path: at = [] } = errors?.[0]?.extensions ?? { code: 'nothing' };
      const isAt = path.every((step, index) => at[index] === step || index >= at.length);
      return code === 'BAD_USER_INPUT' && at.length > 0 && isAt ? undefined : `${code} at ${at.join('.')}`;
    });
    expect(problems).toEqual([]);
    expect(await settledRows(network)).toEqual(before);
  }, 120_000);

  it('is taken or refused by a typed error where it is odd', async () => {
    const problems = await send(ODD, (_part, { errors }) => {
      const code = errors?.[0]?.extensions.code;
      return code === undefined || TYPED.has(code) ? undefined : code;
    });
    expect(problems).toEqual([]);
  }, 120_000);
});

const FORGED = '00000000-0000-7000-8000-000000000000';

async function goodValues(stage: Stage): Promise<GoodValues> {
  const somebody = await stage.user();
  const [id, own] = [`post_${await stage.post(somebody)}`, `post_${await stage.post(stage.viewerId)}`];
  const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1_000).toISOString();
  return {
    byField: {
      renameCollection: { id: `collection_${FORGED}` },
      updateComment: { id: `comment_${FORGED}` },
      resolveReport: { id: `report_${FORGED}` },
    },
    byName: {
      mediaId: `media_${FORGED}`,
      mediaIds: `media_${FORGED}`,
      password: stage.viewer.password,
      currentPassword: stage.viewer.password,
      newPassword: 'correct horse 2',
      newEmail: 'new@users.test',
      userId: `user_${somebody}`,
      username: 'somebody',
      name: 'sea',
      code: 'AAAAAAAAAAA',
      id: own,
      contentType: 'image/jpeg',
      byteSize: 1_000,
    },
    byType: { ID: id, String: 'Hello', Int: 1, Float: 0.5, DateTime: tomorrow, Boolean: true },
    owners: { User: 'me { * }', Post: `post(id: "${id}") { * }`, ...(await ownersOfLists(stage)) },
  };
}

/** The objects that lists belong to, made as the test of lists makes them. */
async function ownersOfLists(stage: Stage): Promise<Record<string, string>> {
  const owners: Record<string, string> = {};
  for (const { field, open } of listCases) {
    const type = field.split('.')[0]!;
    if (type === 'Query' || owners[type]) continue;
    const list = await open(stage);
    const id = await list.add(new Date());
    owners[type] = list.ownerId
      ? `node(id: "${list.ownerId}") { ... on ${type} { * } }`
      : `${list.owner ?? lowerFirst(type)} { * }`;
    if (type === 'NotificationSummary')
      owners.Notification = `node(id: "notification_${id}") { ... on Notification { * } }`;
  }
  return owners;
}

const lowerFirst = (name: string): string => name[0]!.toLowerCase() + name.slice(1);

/** What the stage's change of a role leads to: all services learn it, and the sessions of before end. */
const CONSEQUENCES = ['post.inbox', 'notification.inbox', 'user.session_revocation'];

/** How many rows each table has, once no event is under way any more. */
async function settledRows(network: InProcessNetwork): Promise<Record<string, number>> {
  let [last, now] = [{}, await rowsOf(network)];
  await eventually(async () => {
    [last, now] = [now, await rowsOf(network)];
    return CONSEQUENCES.every((table) => now[table]! > 0) && isDeepStrictEqual(last, now);
  });
  return now;
}

async function rowsOf({ databases }: InProcessNetwork): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, url] of Object.entries(databases)) {
    const db = new Database({ url, max: 1 });
    const tables = await db.query<{ table: string }>(TABLES);
    for (const { table } of tables) {
      const [row] = await db.query<{ count: string }>(`select count(*) as count from "${table}"`);
      counts[`${name}.${table}`] = Number(row!.count);
    }
    await db.close();
  }
  return counts;
}

const TABLES = `
  select table_name as table from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`;
