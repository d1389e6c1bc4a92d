import { type Counter, counter, counterInRow, keysOf, NIL_ID } from '@fowergram/counters';

const USERS = keysOf('follow_count', 'user_id');

/** Every counter that this service stores; a test compares the list with the tables. */
export const COUNTERS: Counter[] = [
  counter({
    table: 'follow_count',
    column: 'follower_count',
    key: 'user_id',
    delta: 'follow_count_delta',
    deltaKey: 'user_id',
    deltaColumn: 'followers',
    keys: USERS,
    after: NIL_ID,
    edges: 'select count(*) from follow where followee_id = page.key',
  }),
  counter({
    table: 'follow_count',
    column: 'following_count',
    key: 'user_id',
    delta: 'follow_count_delta',
    deltaKey: 'user_id',
    deltaColumn: 'following',
    keys: USERS,
    after: NIL_ID,
    edges: 'select count(*) from follow where follower_id = page.key',
  }),
  counterInRow({
    table: 'report_case',
    column: 'report_count',
    key: 'id',
    keys: keysOf('report_case', 'id'),
    after: NIL_ID,
    edges: 'select count(*) from report where case_id = page.key',
  }),
];
