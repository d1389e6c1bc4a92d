import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { poolOf } from '../database.js';
import { isUnavailable } from '../unavailable.js';
import { isUpTo, isReplicaOf, type Mark, type ServerState, SERVER_STATE } from './mark.js';

/** How long a read waits at most for a replica to catch up with what came before it. */
const CATCH_UP_MS = 50;
const LOOK_AGAIN_MS = 3;
// Of the two seconds that a read may take, a replica that does not answer takes a part, and the primary has the rest.
const CONNECT_MS = 300;
const ANSWER_MS = 300;
const READ_MS = 1_000;

// One message; what was replayed before it is seen by each statement that follows. A pooler lends one connection for all of them.
const BEGIN = `begin transaction isolation level read committed read only; ${SERVER_STATE}`;

/** Why a replica is not read from. */
export interface Absence {
  reason: 'does not answer' | 'is behind' | 'is no replica of this primary';
  error?: unknown;
}

/** One address at which replicas answer, with a pool of its own. */
export class Replica {
  /** Whether reads go there: `look` decides it, and a read that finds the replica absent takes it back. */
  isUsed = false;

  private wasUpAt = Date.now();
  private lastAbsence: Absence['reason'] | undefined;
  private readonly pool: pg.Pool;

  constructor(
    url: string,
    max: number,
    private readonly onChange: (absence: Absence | undefined) => void,
  ) {
    this.pool = poolOf({ url, max, connectWithinMs: CONNECT_MS });
  }

  /** For how long reads have not been able to go there. */
  get lagMs(): number {
    return this.isUsed ? 0 : Date.now() - this.wasUpAt;
  }

  /** Finds out whether reads may go there. */
  async look(mark: Mark): Promise<void> {
    const isUp = await this.upTo(mark, () => Promise.resolve(true));
    if (!isUp) return;
    if (!this.isUsed) this.onChange(undefined);
    this.isUsed = true;
    this.lastAbsence = undefined;
  }

  /** The rows of a statement that sees all that the mark demands; undefined where the primary has to be asked instead. */
  read<R>(mark: Mark, query: pg.QueryConfig): Promise<R[] | undefined> {
    return this.upTo(mark, async (client) => (await client.query(within(READ_MS, query))).rows as R[]);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** Does the work on a connection to a server that is up to the mark, or else leaves the replica out. */
  private async upTo<T>(mark: Mark, work: (client: pg.PoolClient) => Promise<T>): Promise<T | undefined> {
    const client = await this.pool
      .connect()
      .catch((error: unknown) => this.leaveOut({ reason: 'does not answer', error }));
    if (!client) return undefined;
    // An error event between two statements would be uncaught; the next statement reports it.
    client.on('error', ignore);
    let failure: unknown;
    try {
      const absence = await catchUp(client, mark).catch(
        (error: unknown) => ({ reason: 'does not answer', error }) as const,
      );
      if (absence) {
        failure = absence.error;
        return this.leaveOut(absence);
      }
      this.wasUpAt = Date.now();
      return await work(client);
    } catch (error) {
      failure = error;
      if (isUnavailable(error)) return this.leaveOut({ reason: 'does not answer', error });
      throw error;
    } finally {
      giveBack(client, failure);
    }
  }

  private leaveOut(absence: Absence): undefined {
    if (absence.reason !== this.lastAbsence) this.onChange(absence);
    this.isUsed = false;
    this.lastAbsence = absence.reason;
  }
}

const ignore = () => undefined;

/** The driver takes this time for each query, which its types do not say. */
const within = (query_timeout: number, query: pg.QueryConfig): pg.QueryConfig =>
  Object.assign({ query_timeout }, query);

/** Begins a transaction in which the mark is reached, or says why it is not. */
async function catchUp(client: pg.PoolClient, mark: Mark): Promise<Absence | undefined> {
  const giveUpAt = Date.now() + CATCH_UP_MS;
  let state = await stateAfter(client, BEGIN);
  while (!isUpTo(mark, state)) {
    if (!isReplicaOf(mark, state)) return { reason: 'is no replica of this primary' };
    if (Date.now() >= giveUpAt) return { reason: 'is behind' };
    await pause(LOOK_AGAIN_MS);
    state = await stateAfter(client, SERVER_STATE);
  }
  return undefined;
}

/** What the last statement of a text says. */
async function stateAfter(client: pg.PoolClient, text: string): Promise<ServerState> {
  const results = await client.query<ServerState>(within(ANSWER_MS, { text }));
  return [results].flat().at(-1)!.rows[0]!;
}

/** What does not answer has no connection any more; any other goes back without the caller's waiting for it. */
function giveBack(client: pg.PoolClient, failure: unknown): void {
  const release = (error?: Error) => {
    client.off('error', ignore);
    client.release(error);
  };
  if (isUnavailable(failure)) return release(failure as Error);
  client.query(within(ANSWER_MS, { text: 'commit' })).then(() => release(), release);
}
