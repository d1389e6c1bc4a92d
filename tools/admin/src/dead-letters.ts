import { mediaOperatorRpc } from '@fowergram/contracts-media';
import { postOperatorRpc } from '@fowergram/contracts-post';
import { type OperatorAction, userOperatorRpc } from '@fowergram/contracts-user';
import type { Bus, DeadLetter } from '@fowergram/messaging';
import { type Command, type Plan, type Surroundings, UsageError } from './command.js';
import { list, table } from './render.js';

const REPLAY = 'dead-letters replay';
const DROP = 'dead-letters drop';
/** More than the audit answers at once are looked for among the last ones. */
const MOST_ACTIONS = 1_000;

export const deadLetters: Command[] = [
  {
    usage: 'dead-letters list',
    about: 'lists events that consumers have given up, the newest first; --all shows those that were dealt with, too',
    options: ['limit', 'all'],
    read: async ({ operation }, { limit, all }) => {
      const done = await doneDeadLetters(operation.bus);
      const letters = (await operation.deadLetters(limit))
        .map((letter) => ({ ...letter, done: done.get(letter.number) ?? null }))
        .filter((letter) => all || !letter.done);
      const rows = letters.map(({ number, storedAt, consumer, reason, done: by }) => ({
        number,
        storedAt,
        consumer,
        reason,
        ...(all ? { done: by } : {}),
      }));
      return { data: letters, text: table(rows, 'No event waits for anybody.') };
    },
  },
  {
    usage: 'dead-letters show <number>',
    about: 'shows one of them with its payload',
    read: async (surroundings, { words }) => {
      const letter = await deadLetterAt(surroundings, words[0]!);
      return { data: letter, text: list({ ...letter }) };
    },
  },
  {
    usage: 'dead-letters replay <number>',
    about: 'has the service of the event publish it again; consumers that have processed it do not do so twice',
    plan: async (surroundings, { words }) => {
      const { bus } = surroundings.operation;
      const { eventId, consumer, number } = await openDeadLetter(surroundings, words[0]!);
      if (!eventId) throw new UsageError('This dead letter is of a version that did not store the id of its event.');
      const owner = ownerOf(consumer);
      return {
        subject: String(number),
        says: `have ${owner} publish the event ${eventId} again, for ${consumer}`,
        act: () => republish(bus, owner, eventId),
      };
    },
  },
  {
    usage: 'dead-letters drop <number>',
    about: 'notes that nothing is to be done about it, with the reason; the stream keeps it for its 30 days',
    options: ['reason'],
    plan: async (surroundings, { words, reason }): Promise<Plan> => {
      const { number, consumer } = await openDeadLetter(surroundings, words[0]!);
      if (!reason) throw new UsageError('Say why nothing is to be done about it: --reason <text>');
      return {
        subject: String(number),
        says: `list the dead letter ${number} of ${consumer} no more: ${reason}`,
        act: () => Promise.resolve({ reason }),
      };
    },
  },
];

async function deadLetterAt({ operation }: Surroundings, word: string): Promise<DeadLetter> {
  const number = Number(word);
  if (!Number.isSafeInteger(number) || number < 1) throw new UsageError(`"${word}" is no number of a dead letter.`);
  const letter = await operation.deadLetter(number);
  if (!letter) throw new UsageError(`There is no dead letter ${number}, or none any more.`);
  return letter;
}

async function openDeadLetter(surroundings: Surroundings, word: string): Promise<DeadLetter> {
  const letter = await deadLetterAt(surroundings, word);
  const known = (await doneDeadLetters(surroundings.operation.bus)).get(letter.number);
  if (known) throw new UsageError(`The dead letter ${letter.number} was dealt with: ${known}.`);
  return letter;
}

/** What was done about dead letters, by their numbers. One that was replayed and fails again is a new one. */
async function doneDeadLetters(bus: Bus): Promise<Map<number, string>> {
  const of = async (command: string): Promise<OperatorAction[]> =>
    (await bus.call(userOperatorRpc.actions, { command, limit: MOST_ACTIONS })).actions;
  const done = [...(await of(REPLAY)), ...(await of(DROP))].filter(({ outcome }) => outcome === 'DONE');
  return new Map(
    done.map(({ subject, command, operator, startedAt }) => [
      Number(subject),
      `${command === REPLAY ? 'replayed' : 'dropped'} by ${operator} at ${startedAt}`,
    ]),
  );
}

/** The service whose event a consumer such as `notification-post-liked` consumes. */
export function ownerOf(consumer: string): string {
  return consumer.split('-')[1] ?? '';
}

function republish(bus: Bus, owner: string, eventId: string): Promise<unknown> {
  if (owner === 'user') return bus.call(userOperatorRpc.republish, { eventId });
  if (owner === 'post') return bus.call(postOperatorRpc.republish, { eventId });
  if (owner === 'media') return bus.call(mediaOperatorRpc.republish, { eventId });
  throw new UsageError(`No service "${owner}" publishes events.`);
}
