import { parseArgs } from 'node:util';
import { AppError } from '@fowergram/contracts-core';
import { userOperatorRpc } from '@fowergram/contracts-user';
import { Operation } from '@fowergram/messaging';
import { ConfigError } from '@fowergram/service-kit';
import { accounts } from './accounts.js';
import { type Arguments, type Command, type Plan, type Surroundings, UsageError } from './command.js';
import { counters } from './counters.js';
import { deadLetters } from './dead-letters.js';
import { events } from './events.js';
import { reconcile } from './reconcile.js';
import { sessions } from './sessions.js';
import { work } from './work.js';

export const commands: Command[] = [
  ...work,
  ...deadLetters,
  ...events,
  ...reconcile,
  ...counters,
  ...accounts,
  ...sessions,
];

/** As `sysexits.h` has them; 1 is whatever a service refused. */
export const EXIT = { done: 0, refused: 1, usage: 64, unavailable: 69, config: 78 } as const;

const MAX_LISTED = 1_000;
const options = {
  json: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  by: { type: 'string' },
  reason: { type: 'string' },
  until: { type: 'string' },
  limit: { type: 'string', default: '50' },
  all: { type: 'boolean', default: false },
} as const;

const isArgument = (word: string): boolean => word.startsWith('<') || word.endsWith('>') || word === 'or';
const nameOf = ({ usage }: Command): string[] => usage.split(' ').filter((word) => !isArgument(word));
const argumentsOf = ({ usage }: Command): number => (usage.match(/<[^>]+>/g) ?? []).length;

/** An id as apps have it, such as user_019ad0…, as services have it. */
const bareId = (word: string): string => /^[a-z]+_([0-9a-f]{8}(?:-[0-9a-f]{4,12}){4})$/i.exec(word)?.[1] ?? word;

/** What the words mean; throws UsageError where that is nothing. */
export function understand(args: string[]) {
  const { values, positionals } = parse(args);
  const command = commands.find((known) => nameOf(known).every((word, index) => positionals[index] === word));
  if (!command) return { help: values.help || positionals.length === 0, values, words: positionals };
  const words = positionals.slice(nameOf(command).length).map(bareId);
  if (!values.help && words.length !== argumentsOf(command)) throw new UsageError(`Usage: ${lineOf(command)}`);
  const mine = new Set(['json', 'help', ...('plan' in command ? ['yes', 'by'] : []), ...(command.options ?? [])]);
  const given = Object.keys(options).filter((name) => args.some((arg) => arg.split('=')[0] === `--${name}`));
  const foreign = given.filter((name) => !mine.has(name));
  if (foreign.length > 0) throw new UsageError(`--${foreign[0]} means nothing here. Usage: ${lineOf(command)}`);
  return { help: values.help, command, values, words };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** All commands, each with what it does. */
export const help = (): string =>
  [
    'fowergram <command> [--json]: what whoever is on call does (docs/on-call.md).',
    'A command that acts says what it would do; with --yes --by <your name> it does it, and that is recorded.',
    '',
    ...commands.map((command) => `  ${lineOf(command)}\n      ${command.about}`),
  ].join('\n');

function lineOf(command: Command): string {
  const placeholders: Record<string, string> = { reason: ' <text>', until: ' <time>', limit: ' <number>', all: '' };
  const mine = (command.options ?? []).map((name) => `[--${name}${placeholders[name]}]`);
  return [command.usage, ...mine, ...('plan' in command ? ['[--yes --by <name>]'] : [])].join(' ');
}

/** Runs one command; answers the status of the process. */
export async function run(args: string[], env: NodeJS.ProcessEnv, say: Say): Promise<number> {
  try {
    const { command, help: wantsHelp, values, words } = understand(args);
    if (wantsHelp) return (say.out(command ? `${lineOf(command)}\n${command.about}` : help()), EXIT.done);
    if (!command) throw new UsageError(`There is no command "${words.join(' ')}". See: fowergram --help`);
    const limit = Number(values.limit);
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LISTED)
      throw new UsageError(`--limit is a number from 1 to ${MAX_LISTED}.`);
    if (!env.OPERATOR_NATS_URL)
      throw new ConfigError('OPERATOR_NATS_URL: the address of NATS with the user operator and its password.');
    const { reason, until, by, all } = values;
    const given: Arguments = {
      words,
      limit,
      all,
      ...(reason === undefined ? {} : { reason }),
      ...(until === undefined ? {} : { until }),
    };
    const operation = await Operation.open(env.OPERATOR_NATS_URL);
    try {
      return await execute(command, { operation, env, ...(by ? { by } : {}) }, given, values, say);
    } finally {
      await operation.close();
    }
  } catch (error) {
    say.error(messageOf(error as Error));
    return statusOf(error);
  }
}

/** Where answers and complaints go. */
export interface Say {
  out(text: string): void;
  error(text: string): void;
}

async function execute(
  command: Command,
  surroundings: Surroundings,
  given: Arguments,
  { json, yes }: { json: boolean; yes: boolean },
  say: Say,
): Promise<number> {
  const print = (data: unknown, text: string) => say.out(json ? JSON.stringify(data) : text);
  if ('read' in command) {
    const { data, text } = await command.read(surroundings, given);
    print(data, text ?? JSON.stringify(data, null, 2));
    return EXIT.done;
  }
  const plan = await command.plan(surroundings, given);
  const { subject, says } = plan;
  if (!yes) {
    print({ done: false, subject, would: says }, `would ${says}\nNothing was done: say --yes --by <your name>.`);
    return EXIT.done;
  }
  if (!surroundings.by) throw new UsageError('Say who you are: --by <your name>');
  const result = await recorded(nameOf(command).join(' '), surroundings.by, plan, surroundings.operation);
  print({ done: true, subject, result }, `done: ${says}`);
  return EXIT.done;
}

/** Nothing is done that is not on record before; how it ended is added. */
async function recorded(command: string, operator: string, plan: Plan, { bus }: Operation): Promise<unknown> {
  const { id } = await bus.call(userOperatorRpc.begin, { operator, command, subject: plan.subject });
  try {
    const result = await plan.act(operator);
    await bus.call(userOperatorRpc.end, { id, outcome: 'DONE', detail: null });
    return result;
  } catch (error) {
    const detail = messageOf(error as Error).slice(0, 500);
    await bus.call(userOperatorRpc.end, { id, outcome: 'FAILED', detail });
    throw error;
  }
}

const messageOf = (error: Error): string =>
  error instanceof AppError ? `${error.code}: ${error.message}` : error.message;

function statusOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof ConfigError) return EXIT.config;
  return error instanceof AppError && error.code === 'UNAVAILABLE' ? EXIT.unavailable : EXIT.refused;
}
