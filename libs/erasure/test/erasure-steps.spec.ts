import { Global, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Database, newId, type Tx } from '@fowergram/database';
import { createDatabase, type TestDatabase } from '@fowergram/testing';
import {
  type ErasesUser,
  ErasureStep,
  ErasureSteps,
  ErasureStepsModule,
  type SizeOf,
  StoredMessagesRepository,
} from '../src/index.js';

@ErasureStep()
class NotesErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query(ERASE_NOTES, [userId])).length > 0;
  }

  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('select 1 from note where user_id = $1', [userId])).length > 0;
  }
}

@ErasureStep({ order: -1 })
class TagsErasure implements ErasesUser {
  calls = 0;

  async eraseBatch(tx: Tx, userId: string): Promise<boolean> {
    this.calls += 1;
    return (await tx.query('delete from tag where user_id = $1 returning 1 as gone', [userId])).length > 0;
  }

  async close(tx: Tx, userId: string): Promise<void> {
    await tx.query(`insert into tag values ($1)`, [userId]);
  }
}

const ERASE_NOTES =
  'delete from note where id in (select id from note where user_id = $1 limit 1 for update skip locked) returning id';

/** Deletes the marks of a user; more than three at a time take too long. */
@ErasureStep()
class MarksErasure implements ErasesUser {
  readonly sizes: number[] = [];

  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const size = sizeOf(16);
    const left = await tx.query('select from mark where user_id = $1', [userId]);
    if (left.length === 0) return false;
    this.sizes.push(size);
    if (size > 3) await tx.query(TAKES_TOO_LONG);
    return (await tx.query(ERASE_MARKS, [userId, size])).length > 0;
  }
}

const TAKES_TOO_LONG = 'select pg_sleep(10) from set_config($$statement_timeout$$, $$1$$, true)';

const ERASE_MARKS =
  'delete from mark where id = any(array(select id from mark where user_id = $1 limit $2)) returning 1 as gone';

@ErasureStep({ hangsOn: 'note' })
class LabelsErasure implements ErasesUser {
  async eraseOf(tx: Tx, ids: string[]): Promise<boolean> {
    const gone = await tx.query(
      'delete from label where id in (select id from label where note_id = any($1) limit 2) returning id',
      [ids],
    );
    return gone.length === 2;
  }
}

@ErasureStep({ hangsOn: 'note' })
class PartialErasure implements ErasesUser {}

@Module({ providers: [LabelsErasure] })
class LabelsModule {}
@Module({ providers: [PartialErasure] })
class PartialModule {}
@Module({ providers: [NotesErasure] })
class NotesModule {}
@Module({ providers: [MarksErasure] })
class MarksModule {}
@Module({ providers: [TagsErasure] })
class TagsModule {}

describe('The steps of an erasure', () => {
  let database: TestDatabase;
  let app: INestApplicationContext;
  let db: Database;

  const start = (...features: (typeof NotesModule)[]) => {
    @Global()
    @Module({ providers: [{ provide: Database, useValue: db }], exports: [Database] })
    class DatabaseModule {}
    @Module({ imports: [DatabaseModule, ErasureStepsModule, ...features] })
    class AppModule {}
    return NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  };
  const locked = () => Promise.resolve(true);
  const eraseBatch = (userId: string) => app.get(ErasureSteps).eraseBatch(userId, locked);
  const addNote = (userId: string) => db.query('insert into note (user_id) values ($1)', [userId]);
  const countOf = async (table: string, userId: string) =>
    (await db.query(`select from ${table} where user_id = $1`, [userId])).length;

  beforeAll(async () => {
    database = await createDatabase('user');
    db = new Database({ url: database.url });
    app = await start(NotesModule, TagsModule, LabelsModule, MarksModule);
    await db.query('create table note (id bigserial primary key, user_id uuid not null)');
    await db.query('create table label (id bigserial primary key, note_id bigint not null)');
    await db.query('create table tag (user_id uuid not null)');
    await db.query('create table mark (id bigserial primary key, user_id uuid not null)');
  });

  afterAll(async () => {
    await app?.close();
    await db?.close();
    await database?.drop();
  });

  it('run a batch at a time in their order, until none of them has anything left', async () => {
    const userId = newId();
    await Promise.all([addNote(userId), addNote(userId), db.query('insert into tag values ($1)', [userId])]);
    expect(await eraseBatch(userId)).toBe('MORE');
    expect([await countOf('tag', userId), await countOf('note', userId)]).toEqual([0, 2]);
    expect([await eraseBatch(userId), await eraseBatch(userId), await eraseBatch(userId)]).toEqual([
      'MORE',
      'MORE',
      'CLEAN',
    ]);
    expect(await countOf('note', userId)).toBe(0);
  });

  it('go on at the step of the batch before, and conclude nothing until all of them have found nothing', async () => {
    const userId = newId();
    const addTag = () => db.query('insert into tag values ($1)', [userId]);
    await Promise.all([addNote(userId), addNote(userId), addTag()]);
    const progress = { step: 0 };
    const next = () => app.get(ErasureSteps).eraseBatch(userId, locked, progress);
    const tags = app.get(TagsErasure);
    tags.calls = 0;
    expect([await next(), await next(), await next()]).toEqual(['MORE', 'MORE', 'MORE']);
    expect([await countOf('tag', userId), await countOf('note', userId), tags.calls]).toEqual([0, 0, 2]);
    await addTag();
    expect([await next(), await next(), await next()]).toEqual(['MORE', 'MORE', 'CLEAN']);
    expect(await countOf('tag', userId)).toBe(0);
  });

  it('delete what hangs on rows that are about to go, a batch of each feature at a time', async () => {
    await db.query('insert into label (note_id) values (1), (1), (1), (2), (3)');
    const eraseOf = (noun: string) =>
      db.transaction((tx) => app.get(ErasureSteps).eraseOf(tx, noun, ['1', '2'], (full) => full));
    expect(await eraseOf('tag')).toBe(false);
    expect([await eraseOf('note'), await eraseOf('note'), await eraseOf('note')]).toEqual([true, true, false]);
    expect(await db.query('select note_id from label')).toEqual([{ note_id: 3 }]);
  });

  it('do not run where a feature hangs on a noun and does not say what to delete of it', async () => {
    const partial = await start(NotesModule, PartialModule);
    await expect(partial.get(ErasureSteps).eraseBatch(newId(), locked)).rejects.toThrow('PartialErasure');
    await partial.close();
  });

  it('come to an end though batches of their size take longer than a statement may', async () => {
    const userId = newId();
    await db.query('insert into mark (user_id) select $1 from generate_series(1, 12)', [userId]);
    const tries: string[] = [];
    while (tries.at(-1) !== 'CLEAN' && tries.length < 50)
      tries.push(await eraseBatch(userId).catch((error: Error) => error.message));
    expect(tries.at(-1)).toBe('CLEAN');
    expect(tries.slice(0, 4)).toEqual([...Array<string>(3).fill(expect.stringContaining('timeout')), 'MORE']);
    expect(app.get(MarksErasure).sizes.slice(0, 4)).toEqual([16, 8, 4, 2]);
    expect(await countOf('mark', userId)).toBe(0);
  });

  it('do nothing and conclude nothing without the lock', async () => {
    const userId = newId();
    const withoutLock = () => app.get(ErasureSteps).eraseBatch(userId, () => Promise.resolve(false));
    expect(await withoutLock()).toBe('BUSY');
    await addNote(userId);
    expect(await withoutLock()).toBe('BUSY');
    expect(await countOf('note', userId)).toBe(1);
  });

  it('are not clean while another transaction holds a row', async () => {
    const userId = newId();
    await addNote(userId);
    await db.transaction(async (tx) => {
      await tx.query('select from note where user_id = $1 for update', [userId]);
      expect(await eraseBatch(userId)).toBe('BUSY');
    });
    expect([await eraseBatch(userId), await eraseBatch(userId)]).toEqual(['MORE', 'CLEAN']);
  });

  it('close in the transaction of the caller', async () => {
    const userId = newId();
    const closing = db.transaction(async (tx) => {
      await app.get(ErasureSteps).close(tx, userId);
      throw new Error('killed here');
    });
    await expect(closing).rejects.toThrow('killed here');
    expect(await countOf('tag', userId)).toBe(0);
    await db.transaction((tx) => app.get(ErasureSteps).close(tx, userId));
    expect(await countOf('tag', userId)).toBe(1);
  });

  it('never count an account as erased where no feature has a step', async () => {
    const empty = await start();
    await expect(empty.get(ErasureSteps).eraseBatch(newId(), locked)).rejects.toThrow('@ErasureStep');
    await empty.close();
  });

  const addMessage = (subject: string, payload: object, publishedAt: Date | null) =>
    db.query('insert into outbox (id, subject, payload, published_at) values ($1, $2, $3, $4)', [
      newId(),
      subject,
      payload,
      publishedAt,
    ]);

  it('leave messages that are not published, and say so', async () => {
    const [userId, other] = [newId(), newId()];
    const add = (named: string, publishedAt: Date | null) =>
      addMessage('evt.nobody.asks', { userId: named }, publishedAt);
    await Promise.all([add(userId, new Date()), add(userId, null), add(other, new Date())]);
    const messages = app.get(StoredMessagesRepository);
    const left = () =>
      db.query('select published_at is not null as published from outbox where strpos(payload::text, $1) > 0', [
        userId,
      ]);
    expect(await messages.purgeMessages(userId)).toBe(false);
    expect(await left()).toEqual([{ published: false }]);
    await db.query('update outbox set published_at = now()');
    expect(await messages.purgeMessages(userId)).toBe(true);
    expect(await left()).toEqual([]);
    expect(await db.query('select from outbox where strpos(payload::text, $1) > 0', [other])).toHaveLength(1);
  });

  it('withdraw what is not published yet, be it about the user or for them', async () => {
    const [userId, other] = [newId(), newId()];
    await Promise.all([
      addMessage(`realtime.${userId}.added`, {}, null),
      addMessage(`realtime.${other}.added`, { actorId: userId }, null),
      addMessage(`realtime.${other}.added`, {}, null),
    ]);
    const messages = app.get(StoredMessagesRepository);
    expect(await messages.purgeMessages(userId)).toBe(false);
    await messages.withdrawMessages(userId);
    expect(await db.query('select subject from outbox where published_at is null')).toEqual([
      { subject: `realtime.${other}.added` },
    ]);
  });
});
