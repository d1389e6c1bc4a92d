import { postEvent, postRpc } from '@fowergram/contracts-post';
import { Database, isUniqueViolation, newId, prismaOver, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox, type Relay } from '@fowergram/outbox';
import { createDatabase, recordedEvents, type TestDatabase } from '@fowergram/testing';
import { PrismaService } from '../src/prisma.client.js';

const outbox = new Outbox({} as Relay);
const fact = (comment: NewComment) => ({
  postId: comment.postId,
  commentId: comment.id,
  authorId: newId(),
  commenterId: comment.authorId,
  version: 1,
  at: comment.createdAt.toISOString(),
});
type NewComment = ReturnType<typeof newComment>;
const newComment = () => ({
  id: newId(),
  postId: newId(),
  authorId: newId(),
  text: 'Lovely light!',
  createdAt: new Date(),
});

describe('Prisma in a transaction of the Database', () => {
  let database: TestDatabase;
  let db: Database;
  let prisma: PrismaService;

  beforeAll(async () => {
    database = await createDatabase('post');
    db = new Database({ url: database.url });
    prisma = prismaOver(db, PrismaService);
  });

  afterAll(async () => {
    await db?.close();
    await database?.drop();
  });

  const deleted = async (tx: Tx, comment = newComment()) => {
    await prisma.in(tx, (client) => client.comment.create({ data: comment }));
    await outbox.add(tx, postEvent.commentDeleted, fact(comment));
    return comment;
  };
  const exists = async (id: string) => (await prisma.comment.count({ where: { id } })) === 1;
  const events = async (id: string) =>
    (await recordedEvents(db, postEvent.commentDeleted)).filter(({ commentId }) => commentId === id).length;

  it('commits its row together with the row of the outbox', async () => {
    const { id } = await db.transaction((tx) => deleted(tx));
    expect([await exists(id), await events(id)]).toEqual([true, 1]);
  });

  it('leaves neither row when the transaction fails afterwards', async () => {
    const comment = newComment();
    const failing = db.transaction(async (tx) => {
      await deleted(tx, comment);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect([await exists(comment.id), await events(comment.id)]).toEqual([false, 0]);
  });

  it('leaves nothing of the transaction when a Prisma call of it fails', async () => {
    const comment = newComment();
    const failing = db.transaction(async (tx) => {
      await deleted(tx, comment);
      await prisma.in(tx, (client) => client.comment.create({ data: comment }));
    });
    await expect(failing).rejects.toMatchObject({ code: 'P2002' });
    expect([await exists(comment.id), await events(comment.id)]).toEqual([false, 0]);
  });

  it('sees what SQL of the same transaction wrote, and SQL sees what Prisma wrote, before anybody else does', async () => {
    const comment = newComment();
    await db.transaction(async (tx) => {
      await prisma.in(tx, (client) => client.comment.create({ data: comment }));
      await tx.query('update comment set text = $2 where id = $1', [comment.id, 'Edited']);
      const inside = await prisma.in(tx, (client) => client.comment.findUnique({ where: { id: comment.id } }));
      expect(inside).toMatchObject({ text: 'Edited' });
      expect(await exists(comment.id)).toBe(false);
    });
    expect(await exists(comment.id)).toBe(true);
  });

  it('keeps look-ups of transactions apart that run at the same time', async () => {
    const found = await Promise.all(
      Array.from({ length: 8 }, () =>
        db.transaction(async (tx) => {
          const { id } = await deleted(tx);
          return prisma.in(tx, (client) => client.comment.findUnique({ where: { id } }));
        }),
      ),
    );
    expect(found).not.toContain(null);
  });

  it('has one effect for a repeated idempotency key', async () => {
    const input = { id: newId(), userId: newId() };
    const key = newId();
    const comment = newComment();
    const answer = { deleted: true, postId: comment.postId };
    const once = () =>
      db.transaction((tx) =>
        withIdempotency(tx, key, postRpc.deleteComment, input, async () => {
          await deleted(tx, comment);
          return answer;
        }),
      );
    expect([await once(), await once()]).toEqual([answer, answer]);
    expect(await events(comment.id)).toBe(1);
  });

  it('goes on in a transaction after a record was not found', async () => {
    const { id } = await db.transaction(async (tx) => {
      const absent = prisma.in(tx, (client) => client.comment.findUniqueOrThrow({ where: { id: newId() } }));
      await expect(absent).rejects.toMatchObject({ code: 'P2025' });
      return deleted(tx);
    });
    expect(await exists(id)).toBe(true);
  });

  it('refuses a call that comes after its work has ended', async () => {
    await db.transaction(async (tx) => {
      const late = await prisma.in(tx, async (client) => () => client.comment.count());
      await expect(late()).rejects.toMatchObject({ code: 'P2028' });
    });
  });

  it('tells which unique index was broken', async () => {
    const { id } = await db.transaction((tx) => deleted(tx));
    const inside = db.transaction((tx) => deleted(tx, { ...newComment(), id }));
    const outside = prisma.comment.create({ data: { ...newComment(), id } });
    for (const result of await Promise.allSettled([inside, outside])) {
      const { reason } = result as PromiseRejectedResult;
      expect([isUniqueViolation(reason, 'comment_pkey'), isUniqueViolation(reason, 'another')]).toEqual([true, false]);
    }
  });

  it('says UNAVAILABLE when Postgres ends the connection of the transaction, and works again at the next one', async () => {
    const doomed = db.transaction(async (tx) => {
      const [me] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await db.query('select pg_terminate_backend($1)', [me!.pid]);
      await deleted(tx);
    });
    await expect(doomed).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const { id } = await db.transaction((tx) => deleted(tx));
    expect(await exists(id)).toBe(true);
  });

  it('says UNAVAILABLE for the transaction that a deadlock ends', async () => {
    const rows = [await db.transaction((tx) => deleted(tx)), await db.transaction((tx) => deleted(tx))];
    let reached = 0;
    let bothHoldOne: () => void;
    const meeting = new Promise<void>((resolve) => (bothHoldOne = resolve));
    const touch = (tx: Tx, id: string) =>
      prisma.in(tx, (client) => client.comment.update({ where: { id }, data: { text: 'Mine' } }));
    const crossing = (first: number, second: number) =>
      db.transaction(async (tx) => {
        await touch(tx, rows[first]!.id);
        if (++reached === 2) bothHoldOne();
        await meeting;
        await touch(tx, rows[second]!.id);
      });
    const results = await Promise.allSettled([crossing(0, 1), crossing(1, 0)]);
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(failures).toEqual([expect.objectContaining({ code: 'UNAVAILABLE' })]);
  });

  it('says UNAVAILABLE outside of a transaction when there is no Postgres', async () => {
    const nowhere = new Database({ url: 'postgres://nobody@127.0.0.1:9/nothing' });
    await expect(prismaOver(nowhere, PrismaService).comment.count()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await nowhere.close();
  });

  it('does not compile with a transaction that Prisma made, which the outbox would not share', async () => {
    await prisma.$transaction(async (tx) => {
      // @ts-expect-error -- only Database.transaction makes a Tx.
      const refused = () => outbox.add(tx, postEvent.commentDeleted, fact(newComment()));
      await expect(refused()).rejects.toThrow();
    });
  });
});
