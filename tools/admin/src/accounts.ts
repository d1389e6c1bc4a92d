import { type Account, userOperatorRpc } from '@fowergram/contracts-user';
import type { Bus } from '@fowergram/messaging';
import type { Command, Plan } from './command.js';
import { required } from './command.js';
import { list } from './render.js';

type Restriction = 'SUSPEND' | 'BAN' | 'REINSTATE';

export const accounts: Command[] = [
  {
    usage: 'account show <username or id>',
    about: 'shows role, status and a running erasure of an account',
    read: async ({ operation }, { words }) => {
      const found = await operation.bus.call(userOperatorRpc.account, { who: words[0]! });
      const { erasure, account } = found;
      const open = erasure?.parts.filter(({ doneAt }) => !doneAt).map(({ part }) => part);
      return { data: found, text: list({ ...account, erasure: open ? `open: ${open.join(', ') || 'none'}` : null }) };
    },
  },
  {
    usage: 'account suspend <username or id>',
    about: 'suspends an account until a time and ends its sessions',
    options: ['reason', 'until'],
    plan: ({ operation: { bus } }, { words, reason, until }) =>
      restrict(bus, words[0]!, 'SUSPEND', required(reason, '--reason <text>'), required(until, '--until <time>')),
  },
  {
    usage: 'account ban <username or id>',
    about: 'bans an account and ends its sessions',
    options: ['reason'],
    plan: ({ operation: { bus } }, { words, reason }) =>
      restrict(bus, words[0]!, 'BAN', required(reason, '--reason <text>')),
  },
  {
    usage: 'account reinstate <username or id>',
    about: 'ends a suspension or a ban',
    options: ['reason'],
    plan: ({ operation: { bus } }, { words, reason }) =>
      restrict(bus, words[0]!, 'REINSTATE', required(reason, '--reason <text>')),
  },
  {
    usage: 'erasure resume <username or id>',
    about: 'tells all services of a deletion once more that some have not confirmed',
    plan: async ({ operation: { bus } }, { words }) => {
      const account = await accountOf(bus, words[0]!);
      return {
        subject: account.userId,
        says: `tell all services once more that the account ${account.userId} is deleted`,
        act: () => bus.call(userOperatorRpc.resumeErasure, { userId: account.userId }),
      };
    },
  },
];

/** The account that is meant; throws NOT_FOUND. */
export async function accountOf(bus: Bus, who: string): Promise<Account> {
  return (await bus.call(userOperatorRpc.account, { who })).account;
}

async function restrict(bus: Bus, who: string, action: Restriction, reason: string, end?: string): Promise<Plan> {
  const { userId, username, status } = await accountOf(bus, who);
  const until = end ? toTime(end) : null;
  return {
    subject: userId,
    says: `${action.toLowerCase()} ${username} (${userId}, ${status} now)${until ? ` until ${until}` : ''}: ${reason}`,
    act: (operator) => bus.call(userOperatorRpc.restrict, { userId, operator, action, reason, until }),
  };
}

/** A date that cannot be read is sent as it is: the service says what is wrong with it. */
const toTime = (text: string): string => {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
};
