import { mediaOperatorRpc } from '@fowergram/contracts-media';
import { notificationOperatorRpc } from '@fowergram/contracts-notification';
import { postOperatorRpc } from '@fowergram/contracts-post';
import { userOperatorRpc } from '@fowergram/contracts-user';
import type { OutboxState, QueueState } from '@fowergram/contracts-core';
import { accountOf } from './accounts.js';
import type { Command, Surroundings } from './command.js';
import { table } from './render.js';

export const work: Command[] = [
  {
    usage: 'state',
    about: 'shows what waits: outboxes, queues, consumers, streams, mails and erasures',
    read: async (surroundings) => {
      const data = await stateOf(surroundings);
      return { data, text: describe(data) };
    },
  },
  {
    usage: 'actions',
    about: 'shows what operators did by this command, the newest first',
    options: ['limit'],
    read: async ({ operation }, { limit }) => {
      const { actions } = await operation.bus.call(userOperatorRpc.actions, { limit });
      const rows = actions.map(({ id: _id, ...action }) => action);
      return { data: actions, text: table(rows, 'Nobody has done anything yet.') };
    },
  },
  {
    usage: 'feed rebuild <username or id>',
    about: 'drops the cached feed of a user, so that the next read makes it of what is stored',
    plan: async ({ operation: { bus } }, { words }) => {
      const { userId, username } = await accountOf(bus, words[0]!);
      return {
        subject: userId,
        says: `drop the cached feed of ${username} (${userId})`,
        act: () => bus.call(postOperatorRpc.rebuildFeed, { userId }),
      };
    },
  },
  {
    usage: 'media process <id>',
    about: 'processes a picture with all its tries anew that is still PROCESSING',
    plan: ({ operation: { bus } }, { words: [mediaId] }) =>
      Promise.resolve({
        subject: mediaId!,
        says: `process the media ${mediaId} anew`,
        act: () => bus.call(mediaOperatorRpc.process, { mediaId: mediaId! }),
      }),
  },
  {
    usage: 'mail list',
    about: 'lists the mails that have waited longest, without their recipients',
    options: ['limit'],
    read: async ({ operation }, { limit }) => {
      const { mails } = await operation.bus.call(notificationOperatorRpc.mails, { limit });
      return { data: mails, text: table(mails, 'No mail waits.') };
    },
  },
  {
    usage: 'mail send <id>',
    about: 'sends a mail within a minute that waits for its next try',
    plan: ({ operation: { bus } }, { words: [mailId] }) =>
      Promise.resolve({
        subject: mailId!,
        says: `send the mail ${mailId} within a minute`,
        act: () => bus.call(notificationOperatorRpc.sendMail, { mailId: mailId! }),
      }),
  },
];

interface ServiceState {
  outbox: OutboxState;
  queues?: QueueState[] | null;
  openErasures?: number;
  waitingMails?: number;
}

interface State {
  services: Record<string, ServiceState | { error: string }>;
  streams: object[];
  lags: object[];
}

/** A service that is away must not hide the others: that is when somebody looks. */
async function stateOf({ operation }: Surroundings): Promise<State> {
  const { bus } = operation;
  const asked: Record<string, Promise<ServiceState>> = {
    user: bus.call(userOperatorRpc.state, {}),
    post: bus.call(postOperatorRpc.state, {}),
    media: bus.call(mediaOperatorRpc.state, {}),
    notification: bus.call(notificationOperatorRpc.state, {}),
  };
  const services = await Promise.all(
    Object.entries(asked).map(
      async ([name, state]) => [name, await state.catch(({ message }: Error) => ({ error: message }))] as const,
    ),
  );
  return {
    services: Object.fromEntries(services),
    streams: await operation.streams(),
    lags: await operation.lags(),
  };
}

function describe({ services, streams, lags }: State): string {
  const rows = Object.entries(services).map(([service, state]) =>
    'error' in state
      ? { service, outbox: state.error, oldestSeconds: null, more: null }
      : { service, outbox: state.outbox.waiting, oldestSeconds: state.outbox.oldestSeconds, more: moreOf(state) },
  );
  const queues = Object.values(services).flatMap((state) => ('error' in state ? [] : (state.queues ?? [])));
  return [
    table(rows, ''),
    table(queues, 'No queue can be asked: Redis does not answer.'),
    table(streams as Record<string, unknown>[], ''),
    table(lags as Record<string, unknown>[], 'No consumer is behind.'),
  ].join('\n\n');
}

function moreOf({ openErasures, waitingMails, queues }: ServiceState): string | null {
  if (openErasures !== undefined) return `${openErasures} erasures open`;
  if (waitingMails !== undefined) return `${waitingMails} mails wait`;
  return queues === null ? 'Redis does not answer' : null;
}
