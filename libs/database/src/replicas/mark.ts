import { one } from '../one.js';
import type { Sql } from '../database.js';

/** A place in the log of the primary: whatever was acknowledged before it was asked for stands in front of it. */
export interface Mark {
  lsn: bigint;
  /** Changes when another server becomes the primary. */
  timeline: number;
  /** The same on a primary and all its replicas, and on no other server. */
  system: string;
}

/** What a server says of itself as a replica. */
export interface ServerState {
  /** How far it has replayed the log; null on a server that never did. */
  replayed: string | null;
  isReplica: boolean;
  timeline: number;
  system: string;
}

/** The mark of now; asks Postgres for a place in its log and reads no table. */
export async function markOf(primary: Sql): Promise<Mark> {
  const { lsn, ...mark } = one(await primary.query<Omit<Mark, 'lsn'> & { lsn: string }>(MARK));
  return { ...mark, lsn: lsnOf(lsn) };
}

/** Whether a server has all that the mark demands. */
export const isUpTo = (mark: Mark, state: ServerState): boolean =>
  isReplicaOf(mark, state) && state.replayed !== null && lsnOf(state.replayed) >= mark.lsn;

/** Whether a server follows the primary of the mark, and not one of before or another one. */
export const isReplicaOf = ({ system, timeline }: Mark, state: ServerState): boolean =>
  state.isReplica && state.system === system && state.timeline === timeline;

/** A place in the log as a number: `16/B374D848` is 0x16B374D848. */
function lsnOf(text: string): bigint {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

// A commit is flushed before it is acknowledged, unless that is switched off; what is not flushed yet is not sent to replicas either.
const MARK = `
  select lsn::text, ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::integer as timeline,
    (select system_identifier::text from pg_control_system()) as system
  from (
    select case current_setting('synchronous_commit')
      when 'off' then pg_current_wal_insert_lsn() else pg_current_wal_flush_lsn() end as lsn
  ) place`;

export const SERVER_STATE = `
  select pg_last_wal_replay_lsn()::text as replayed, pg_is_in_recovery() as "isReplica",
    (select timeline_id from pg_control_checkpoint()) as timeline,
    (select system_identifier::text from pg_control_system()) as system`;
