import { createHash } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import {
  AppError,
  type ErrorDetails,
  type Expected,
  type Input,
  type Output,
  parseInput,
  type Rpc,
} from '@fowergram/contracts-core';
import type { Media } from '@fowergram/contracts-media';
import type { Profile, ServiceCaller } from '@fowergram/contracts-user';
import { type Bus, type CallOptions, DEADLINE_MS } from '@fowergram/messaging';
import type { Logger } from '@fowergram/service-kit';
import { ReadBudget } from '../answers/read-budget.js';
import type { Session } from '../../auth/sessions/session.js';
import type { PostRevisionsCache } from '../../feed/post-revisions.cache.js';
import type { SignalsService } from '../../realtime/signals.service.js';
import type { Loaders } from './loaders.js';
import type { Readings } from './readings.js';
import type { TtlCache } from './ttl-cache.js';

type Path = NonNullable<ErrorDetails['path']>;

/** Tells where in the GraphQL arguments a field of a contract's input came from. */
export type ArgumentPath = (path: Path) => Path;

/** For mutations whose contract input is the fields of one `input` argument. */
export const inInput: ArgumentPath = (path) => ['input', ...path];

/** For operations that name an argument differently from the contract. */
export const renamed =
  (names: Record<string, string>): ArgumentPath =>
  ([head, ...rest]) =>
    head === undefined ? [] : [names[head] ?? head, ...rest];

/** What a part of an operation may use up of the time that is left to all of it. */
const SHARE_OF_PART = 0.5;

const unchanged: ArgumentPath = (path) => path;

/** Makes the loaders of one operation. */
export type CreateLoaders = (context: RequestContext) => Loaders;

/** What all operations of this process share. */
export interface Shared {
  bus: Bus;
  signals: SignalsService;
  createLoaders: CreateLoaders;
  log: Logger;
  userCache: TtlCache<Profile>;
  mediaCache: TtlCache<Media>;
  postRevisions: PostRevisionsCache;
  /** What requests are hashed with that hold a secret. */
  requestKey: Uint8Array;
}

export interface OperationHeaders {
  correlationId: string;
  idempotencyKey?: string | undefined;
  /** The client's trace, where it cannot come in a header of HTTP. */
  traceparent?: string | undefined;
}

/** Everything that belongs to one operation: who asks, until when, and what has been looked up for it. Made anew for each. */
export class RequestContext {
  /** True once the operation has changed something: from then on nothing is answered from what other requests have read. */
  hasWritten = false;
  /** What was looked up; a change of the operation itself begins anew. */
  loaders: Loaders;
  /** What an operation that changes nothing has asked so far; undefined where nobody needs to know. */
  readings: Readings | undefined;
  /** What the services have sent for this operation. */
  readonly reads = new ReadBudget();
  /** The versions of the one thing of which a change must find one; undefined where any will do. */
  expectedVersions: string[] | undefined;
  /** The version of the one thing that is shown, where its fields do not say it. */
  shownVersion: (() => string) | undefined;
  private readonly startedAt = Date.now();

  constructor(
    readonly shared: Shared,
    readonly session: Session | null,
    readonly headers: OperationHeaders,
    /** The service account that asks, which is nobody's session. */
    readonly service: ServiceCaller | null = null,
  ) {
    this.loaders = shared.createLoaders(this);
  }

  /** A context for the next event of a subscription: the same viewer, nothing looked up yet. */
  renew(): RequestContext {
    return new RequestContext(this.shared, this.session, this.headers, this.service);
  }

  get viewerId(): string | null {
    return this.session?.userId ?? null;
  }

  /** The signed-in user's id; throws UNAUTHENTICATED without a session. */
  signedIn(): string {
    if (!this.session) throw new AppError('UNAUTHENTICATED', 'Sign in to do this.');
    return this.session.userId;
  }

  /** Reads from a service with what the client has sent: checked here first, so that bad input costs no call. */
  query<C extends Rpc>(contract: C, input: Input<C>, at: ArgumentPath = unchanged): Promise<Output<C>> {
    return this.checked(contract, input, at);
  }

  /** Changes something at its owner, at most once per Idempotency-Key of this viewer and mutation field. */
  async command<C extends Rpc>(
    info: GraphQLResolveInfo,
    contract: C,
    input: Input<C>,
    at: ArgumentPath = unchanged,
  ): Promise<Output<C>> {
    this.hasWritten = true;
    const output = await this.checked(contract, input, at, this.scopedKey(info));
    this.noteChange();
    return output;
  }

  /** The Idempotency-Key of this viewer, or of this service account, for this mutation field; undefined where the client gave none. */
  scopedKey(info: GraphQLResolveInfo): string | undefined {
    const key = this.headers.idempotencyKey;
    return key === undefined ? undefined : `${this.service?.id ?? this.signedIn()}:${key}:${responsePath(info)}`;
  }

  /** The same for the input of a contract, whose versions are read by `read`. */
  expecting<V>(read: (version: string) => V): Expected<V> {
    const versions = this.expectedVersions?.map(read);
    return { expectedVersion: versions?.[0], ...(versions && versions.length > 1 && { expectedVersions: versions }) };
  }

  /** After a change: what earlier fields of the operation have looked up is not what the next ones show. */
  noteChange(): void {
    this.hasWritten = true;
    this.loaders = this.shared.createLoaders(this);
  }

  /** Calls a service with what another service has answered: neither checked again nor translated. */
  ask<C extends Rpc>(contract: C, input: Input<C>, idempotencyKey?: string): Promise<Output<C>> {
    const options: CallOptions = { correlationId: this.headers.correlationId, deadlineAt: this.deadlineAt };
    if (idempotencyKey !== undefined) options.idempotencyKey = idempotencyKey;
    return this.call(contract, input, options);
  }

  /** Looks up a part of what is shown: where its owner does not answer, that field fails, and time is left for all others. */
  lookUp<C extends Rpc>(contract: C, input: Input<C>): Promise<Output<C>> {
    return this.call(contract, input, this.ofPart());
  }

  /** The same for what caches of this process hold for a while: its loader knows what was found, whoever has asked for it. */
  lookUpHeld<C extends Rpc>(contract: C, input: Input<C>): Promise<Output<C>> {
    return this.read(contract, input, this.ofPart());
  }

  private ofPart(): CallOptions {
    const now = Date.now();
    const deadlineAt = now + (this.deadlineAt - now) * SHARE_OF_PART;
    return { correlationId: this.headers.correlationId, deadlineAt };
  }

  /** What a write answers is small, and it has happened: only reads count. */
  private call<C extends Rpc>(contract: C, input: Input<C>, options: CallOptions): Promise<Output<C>> {
    if (contract.kind !== 'query') return this.shared.bus.call(contract, input, options);
    if (!this.readings) return this.read(contract, input, options);
    return this.readings.once(contract, input, (onReply) => this.read(contract, input, { ...options, onReply }));
  }

  private read<C extends Rpc>(contract: C, input: Input<C>, { onReply, ...options }: CallOptions): Promise<Output<C>> {
    const take = (reply: Uint8Array): void => {
      this.reads.take(reply.length);
      onReply?.(reply);
    };
    return this.reads.run(itemsOf(input), () => this.shared.bus.call(contract, input, { ...options, onReply: take }));
  }

  private get deadlineAt(): number {
    return this.startedAt + (this.hasWritten ? DEADLINE_MS.command : DEADLINE_MS.query);
  }

  private async checked<C extends Rpc>(
    contract: C,
    input: Input<C>,
    at: ArgumentPath,
    idempotencyKey?: string,
  ): Promise<Output<C>> {
    try {
      return await this.ask(contract, parseInput(contract.input, input) as Input<C>, idempotencyKey);
    } catch (error) {
      if (error instanceof AppError && error.details.path)
        throw new AppError(
          error.code,
          error.message,
          { ...error.details, path: at(error.details.path) },
          { cause: error },
        );
      throw error;
    }
  }
}

/** How many things are asked for, each of which may be large. */
function itemsOf(input: unknown): number {
  const { first, last, ids, postIds, commentIds } = input as Record<string, unknown>;
  if (Array.isArray(ids)) return ids.length;
  const [owners, size] = [postIds ?? commentIds, first ?? last];
  const lists = Array.isArray(owners) ? owners.length : 1;
  return typeof size === 'number' ? lists * size : lists;
}

/** Tells two mutation fields of one request apart; an alias may be of any length, an idempotency key may not. */
function responsePath({ path }: GraphQLResolveInfo): string {
  const key = String(path.key);
  return key.length <= 64 ? key : createHash('sha256').update(key).digest('base64url');
}
