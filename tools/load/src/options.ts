import { parseArgs } from 'node:util';

export interface LoadOptions {
  url: string;
  /** Operations that are begun each second, whether answers come or not. */
  rate: number;
  minutes: number;
  /** Accounts that take turns. */
  users: number;
  /** Of them, how many listen to their notifications. */
  listeners: number;
  /** Apps that each of those has open. */
  devices: number;
  /** Decides who does what; the same accounts are used again. */
  seed: number;
  /** Where to write the report as JSON. */
  json: string | undefined;
}

/** As many sockets as a user may have (docs/limits.md). */
const MOST_DEVICES = 20;

export class BadOption extends Error {}

/** Reads the arguments of `npm run load`; throws BadOption where one is wrong. */
export function readOptions(args: string[]): LoadOptions {
  const { values } = parse(args);
  const users = number('--users', values.users, 2, 5_000);
  return {
    url: address(values.url),
    rate: number('--rate', values.rate, 0.1, 5_000),
    minutes: number('--minutes', values.minutes, 0.05, 1_440),
    users: whole('--users', users),
    listeners: whole('--listeners', number('--listeners', values.listeners, 0, users)),
    devices: whole('--devices', number('--devices', values.devices, 1, MOST_DEVICES)),
    seed: whole('--seed', number('--seed', values.seed, 0, 1e9)),
    json: values.json,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        url: { type: 'string', default: 'http://localhost:8000' },
        rate: { type: 'string', default: '20' },
        minutes: { type: 'string', default: '1' },
        users: { type: 'string', default: '20' },
        listeners: { type: 'string', default: '5' },
        devices: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw new BadOption((error as Error).message);
  }
}

function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin;
  throw new BadOption(`--url is "${text}"; it must be an address such as https://api.example.com.`);
}

function number(name: string, text: string, least: number, most: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw new BadOption(`${name} is "${text}"; it must be a number from ${least} to ${most}.`);
}

function whole(name: string, value: number): number {
  if (Number.isInteger(value)) return value;
  throw new BadOption(`${name} is "${value}"; it must be a whole number.`);
}
