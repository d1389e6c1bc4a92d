import { getUser, type User } from 'supertokens-node';
import { type AccountState, accountRpc } from '@fowergram/contracts-user';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** How accounts are signed in to. */
    logins: Batch<User>;
    accountStates: Batch<AccountState>;
  }
}

export const accountLoaders: LoaderFactories<'logins' | 'accountStates'> = {
  logins: () =>
    new Batch({
      max: 1,
      idOf: (user) => user.id,
      fetch: async ([userId]) => [await getUser(userId!)].filter((user) => user !== undefined),
    }),
  accountStates: (context) =>
    new Batch({
      max: 1,
      idOf: (state) => state.userId,
      fetch: async ([userId]) => [await context.ask(accountRpc.state, { userId: userId! })],
    }),
};
