import { Database } from '@fowergram/database';
import { createDatabase, type TestDatabase } from '@fowergram/testing';
import { CounterAggregator } from '../src/index.js';

const AGGREGATE = `with taken as (delete from probe_delta where id in (select id from probe_delta order by id limit 50) returning counter, delta),
  summed as (select counter, sum(delta)::int as delta from taken group by counter),
  aggregated as (update probe_counter set value = value + summed.delta from summed where probe_counter.name = summed.counter)
  select count(*)::int as aggregated from taken`;

describe('counter deltas', () => {
  let database: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    database = await createDatabase('user');
    db = new Database({ url: database.url });
    await db.query('create table probe_counter (name text primary key, value int not null default 0)');
    await db.query('create table probe_delta (id bigserial primary key, counter text not null, delta int not null)');
    await db.query(`insert into probe_counter (name) values ('a'), ('b')`);
  });

  afterAll(async () => {
    await db?.close();
    await database?.drop();
  });

  const aggregator = () => new CounterAggregator({ db, name: 'probe', statement: AGGREGATE });

  it('are aggregated exactly once by several replicas while more of them are written', async () => {
    const writing = Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        db.query('insert into probe_delta (counter, delta) values ($1, $2)', [
          index % 3 ? 'a' : 'b',
          index % 7 ? 1 : -1,
        ]),
      ),
    );
    await Promise.all([aggregator().aggregateAll(), aggregator().aggregateAll(), aggregator().aggregateAll(), writing]);
    await aggregator().aggregateAll();
    const expected = { a: 0, b: 0 };
    for (let index = 0; index < 300; index++) expected[index % 3 ? 'a' : 'b'] += index % 7 ? 1 : -1;
    expect(await db.query('select name, value from probe_counter order by name')).toEqual([
      { name: 'a', value: expected.a },
      { name: 'b', value: expected.b },
    ]);
    expect(await db.query('select 1 from probe_delta')).toEqual([]);
  });
});
