import { getAllSessionHandlesForUser } from 'supertokens-node/recipe/session';
import { accountRpc, type AccountState, userEvent } from '@fowergram/contracts-user';
import { anAccountState } from './models.js';
import { anAddress, type TestUser, signUpForm, type World } from './world.js';

export type Accounts = Awaited<ReturnType<typeof openAccounts>>;

/** Accounts as the user service knows them: ACTIVE users until a test says otherwise. */
export async function openAccounts(world: World) {
  const changed = new Map<string, AccountState>();
  const of = (userId: string): AccountState => ({
    ...(changed.get(userId) ?? anAccountState({ userId })),
    ...world.sessionRecord.passwordOf(userId),
  });

  /** Commits a change, without anybody hearing of it. */
  function set(userId: string, given: Partial<AccountState>): AccountState {
    const accountState = { ...of(userId), ...given, version: of(userId).version + 1 };
    changed.set(userId, accountState);
    return accountState;
  }

  /** Commits a change and publishes it, as the owner's relay does. */
  async function change(userId: string, given: Partial<AccountState>, at = new Date()): Promise<void> {
    const { role, status, version } = set(userId, given);
    await world.messaging.publish(userEvent.accountChanged, {
      userId,
      role,
      status,
      isPrivate: false,
      version,
      at: at.toISOString(),
    });
  }

  /** Commits and publishes a change right after this many questions about the account have been answered. */
  async function changeAfter(questions: number, userId: string, given: Partial<AccountState>): Promise<void> {
    let answered = 0;
    await world.answer(accountRpc.state, async (input) => {
      const accountState = of(input.userId);
      if (input.userId === userId && ++answered === questions) await change(userId, given);
      return accountState;
    });
  }

  const answer = async (): Promise<void> => {
    await world.answer(accountRpc.state, ({ userId }) => of(userId));
    await world.answer(accountRpc.reactivate, ({ userId }) =>
      of(userId).status === 'DEACTIVATED' ? set(userId, { status: 'ACTIVE' }) : of(userId),
    );
    await world.answer(accountRpc.denylist, () => ({ accounts: [], hasMore: false }));
    await world.answer(accountRpc.erasureDone, () => ({}));
  };
  await answer();

  return { of, set, change, changeAfter, answer };
}

export interface SignedIn {
  status: number;
  headers: Headers;
  body: { status?: string; code?: string; reason?: string; message?: string; retryAfterSeconds?: number };
  token: string;
  refreshToken: string;
}

/** Signs in with the password of the sign-up. */
export async function signIn(
  world: Pick<World, 'post'>,
  { email }: Pick<TestUser, 'email'>,
  headers: Record<string, string> = {},
): Promise<SignedIn> {
  const response = await world.post(
    '/auth/signin',
    { formFields: signUpForm('', email).formFields.slice(0, 2) },
    headers,
  );
  const body = (await response.json()) as SignedIn['body'];
  return {
    status: response.status,
    headers: response.headers,
    body,
    token: response.headers.get('st-access-token') ?? '',
    refreshToken: response.headers.get('st-refresh-token') ?? '',
  };
}

export const refresh = (
  world: Pick<World, 'url'>,
  refreshToken: string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${world.url}/auth/session/refresh`, {
    method: 'POST',
    headers: { authorization: `Bearer ${refreshToken}`, 'x-forwarded-for': anAddress(), ...headers },
  });

/** How many sessions the core has of somebody. */
export const sessionsOf = async (userId: string): Promise<number> => (await getAllSessionHandlesForUser(userId)).length;

/** What an access token says, without any proof. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

export const cookiesOf = ({ headers }: { headers: Headers }): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
