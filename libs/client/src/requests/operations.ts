import { type Document, isQuery, type VariablesOf } from '../document.js';
import { errorOf, FowergramError } from '../errors.js';
import type { Session } from '../session/session.js';
import { uuid } from '../surroundings.js';
import { type AttemptRules, repeatedly } from './attempts.js';
import { type OperationAnswer, readOperation } from './read-answer.js';

export interface RequestOptions {
  signal?: AbortSignal;
  /** The key of the intent: give that of an error to try the same once more. A new one if left out. */
  idempotencyKey?: string;
  /** How long to try; a minute if left out. */
  giveUpAfterMs?: number;
}

/** Variables, where an operation has some, and options. */
export type Rest<Variables> = [...VariablesOf<Variables>, options?: RequestOptions];

/** Sends operations, and repeats them where that is safe: a mutation always under one Idempotency-Key. */
export class Operations {
  constructor(
    private readonly session: Session,
    private readonly attempts: AttemptRules,
  ) {}

  /** The data of an operation; throws where anything of it failed. */
  async request<Data, Variables>(document: Document<Data, Variables>, ...rest: Rest<Variables>): Promise<Data> {
    const intent = intentOf(document.toString(), rest);
    const { data, errors } = await this.send<Data>(intent);
    if (errors.length > 0) throw errorOf(errors, { data, idempotencyKey: intent.key });
    return data as Data;
  }

  /** What an operation brought, its failures beside it; throws where nothing was executed. */
  async answer<Data, Variables>(
    document: Document<Data, Variables>,
    ...rest: Rest<Variables>
  ): Promise<OperationAnswer<Data>> {
    return this.send<Data>(intentOf(document.toString(), rest));
  }

  private async send<Data>({ query, variables, key, options }: Intent): Promise<OperationAnswer<Data>> {
    const { signal, giveUpAfterMs = this.attempts.giveUpAfterMs } = options;
    const headers = { accept: 'application/graphql-response+json', ...(key && { 'idempotency-key': key }) };
    try {
      return await repeatedly({ ...this.attempts, giveUpAfterMs }, signal, async () =>
        readOperation<Data>(await this.session.send('/graphql', { headers, body: { query, variables }, signal })),
      );
    } catch (thrown) {
      if (!(thrown instanceof FowergramError)) throw thrown;
      throw new FowergramError(thrown.message, { ...thrown.details, idempotencyKey: key }, { cause: thrown.cause });
    }
  }
}

/** An operation that somebody wants done once, however often it is sent. */
interface Intent {
  query: string;
  variables: unknown;
  key: string | undefined;
  options: RequestOptions;
}

function intentOf(query: string, rest: unknown[]): Intent {
  const [variables, options = {}] = rest as [variables?: unknown, options?: RequestOptions];
  return { query, variables, options, key: options.idempotencyKey ?? (isQuery(query) ? undefined : uuid()) };
}
