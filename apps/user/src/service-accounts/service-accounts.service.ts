import { Injectable } from '@nestjs/common';
import { notFound, type Output, type Parsed } from '@fowergram/contracts-core';
import {
  MAX_KEYS_PER_SERVICE_ACCOUNT,
  MAX_SERVICE_ACCOUNTS,
  type ServiceAccount,
  serviceAccountRpc,
  userEvent,
} from '@fowergram/contracts-user';
import { Database, newId, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { requireAdministrator } from '../accounts/accounts.rules.js';
import { type ServiceAccountAction, ServiceAccountsRepository } from './service-accounts.repository.js';
import { newServiceKey, tooManyAccounts, tooManyKeys } from './service-accounts.rules.js';

type Command = (typeof serviceAccountRpc)['create' | 'createKey' | 'revokeKey' | 'close'];
type WithKey = Output<typeof serviceAccountRpc.create>;
type Act = Pick<ServiceAccountAction, 'administratorId' | 'reason'>;

/** Other back ends that may ask us, and their keys; each act of an administrator is recorded with its reason. */
@Injectable()
export class ServiceAccountsService {
  constructor(
    private readonly db: Database,
    private readonly accounts: AccountsRepository,
    private readonly services: ServiceAccountsRepository,
    private readonly outbox: Outbox,
  ) {}

  async verify(keyHash: string): Promise<Output<typeof serviceAccountRpc.verify>> {
    return { caller: (await this.services.byKeyHash(keyHash)) ?? null };
  }

  async list(administratorId: string): Promise<ServiceAccount[]> {
    requireAdministrator((await this.accounts.byIds([administratorId])).get(administratorId));
    return this.services.all();
  }

  create(
    input: Parsed<typeof serviceAccountRpc.create>,
    idempotencyKey: string | undefined,
  ): Promise<Output<typeof serviceAccountRpc.create>> {
    const { name, scopes } = input;
    return this.withNewKey(serviceAccountRpc.create, input, idempotencyKey, async (tx, stored) => {
      if ((await this.services.lockCount(tx)) >= MAX_SERVICE_ACCOUNTS) throw tooManyAccounts();
      const id = newId();
      await this.services.insert(tx, id, name, scopes);
      const keyId = await this.services.insertKey(tx, { ...stored, accountId: id });
      return this.record(tx, input, { account: { id, name }, keyId, action: 'CREATE' });
    });
  }

  createKey(
    input: Parsed<typeof serviceAccountRpc.createKey>,
    idempotencyKey: string | undefined,
  ): Promise<Output<typeof serviceAccountRpc.createKey>> {
    const { accountId } = input;
    return this.withNewKey(serviceAccountRpc.createKey, input, idempotencyKey, async (tx, stored) => {
      const account = await this.lock(tx, accountId);
      if (account.keys.length >= MAX_KEYS_PER_SERVICE_ACCOUNT) throw tooManyKeys();
      const keyId = await this.services.insertKey(tx, { ...stored, accountId });
      return this.record(tx, input, { account, keyId, action: 'CREATE_KEY' });
    });
  }

  async revokeKey(
    input: Parsed<typeof serviceAccountRpc.revokeKey>,
    idempotencyKey: string | undefined,
  ): Promise<ServiceAccount> {
    const { keyId } = input;
    return this.execute(serviceAccountRpc.revokeKey, input, idempotencyKey, async (tx) => {
      const accountId = await this.services.lockOfKey(tx, keyId);
      if (accountId === undefined || !(await this.services.removeKey(tx, keyId))) throw notFound('key', ['keyId']);
      const account = await this.lock(tx, accountId);
      await this.announce(tx, accountId, false);
      return this.record(tx, input, { account, keyId, action: 'REVOKE_KEY' });
    });
  }

  async close(
    input: Parsed<typeof serviceAccountRpc.close>,
    idempotencyKey: string | undefined,
  ): Promise<ServiceAccount> {
    const { accountId } = input;
    return this.execute(serviceAccountRpc.close, input, idempotencyKey, async (tx) => {
      const account = await this.lock(tx, accountId);
      await this.record(tx, input, { account, action: 'CLOSE' });
      await this.services.remove(tx, accountId);
      await this.announce(tx, accountId, true);
      return { ...account, keys: [] };
    });
  }

  /** The key is in no stored answer: who repeats the request gets the account without it. */
  private async withNewKey<C extends Command>(
    contract: C,
    input: Act,
    idempotencyKey: string | undefined,
    effect: (tx: Tx, stored: { hash: string; ending: string }) => Promise<ServiceAccount>,
  ): Promise<WithKey> {
    let shown: string | null = null;
    const { account } = await this.execute<typeof serviceAccountRpc.create>(
      contract as never,
      input,
      idempotencyKey,
      async (tx) => {
        const { key, ...stored } = newServiceKey();
        shown = key;
        return { account: await effect(tx, stored), key: null };
      },
    );
    return { account, key: shown };
  }

  private async execute<C extends Command>(
    contract: C,
    input: Act,
    idempotencyKey: string | undefined,
    effect: (tx: Tx) => Promise<Output<C>>,
  ): Promise<Output<C>> {
    const { administratorId } = input;
    const answer = await this.db.transaction(async (tx) => {
      requireAdministrator((await this.accounts.lock(tx, [administratorId])).get(administratorId));
      return withIdempotency<C>(tx, idempotencyKey, contract, input, () => effect(tx));
    });
    this.outbox.trigger();
    return answer;
  }

  private async lock(tx: Tx, accountId: string): Promise<ServiceAccount> {
    const isThere = await this.services.lock(tx, accountId);
    const account = isThere ? await this.services.byId(tx, accountId) : undefined;
    if (!account) throw notFound('service account', ['accountId']);
    return account;
  }

  private async announce(tx: Tx, accountId: string, isClosed: boolean): Promise<void> {
    const at = new Date().toISOString();
    await this.outbox.add(tx, userEvent.serviceAccountChanged, { accountId, isClosed, at });
  }

  private async record(
    tx: Tx,
    { administratorId, reason }: Act,
    act: Pick<ServiceAccountAction, 'account' | 'keyId' | 'action'>,
  ): Promise<ServiceAccount> {
    await this.services.recordAction(tx, { administratorId, reason, ...act });
    return (await this.services.byId(tx, act.account.id))!;
  }
}
